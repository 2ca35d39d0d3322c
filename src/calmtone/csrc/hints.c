/* Matches and missing acts to hints: `calmtone.hints`. */
#include "native.h"

#include <math.h>
#include <stdlib.h>

#if defined(__clang__) || defined(_MSC_VER)
#pragma STDC FP_CONTRACT OFF
#endif

#define NEAREST 1e-15 /* to 0 and 1, for log-odds */

typedef struct {
    PyObject *hint; /* a new reference */
    double effect, size;
    Py_ssize_t start, end, order;
    int dimension, placed;
} Advice;

typedef struct {
    const Found *match;
    double strength;
    Py_ssize_t words, order;
} Candidate;

static double own_weight(const Engine *self, const Found *match) {
    return self->rules[match->rule].weights[match->degree < 0 ? 2 : match->degree];
}

/* Change of score `k` if words `first` to `last` (exclusive) were not there. */
static double effect(const Engine *self, const Verdict *verdict, int k, Py_ssize_t first,
                     Py_ssize_t last) {
    const Place *place = &verdict->place;
    Py_ssize_t part = 0, end, i;
    double removed = 0.0, alone = 0.0, log_odds, change;
    const Part *sentence;
    int64_t gone = 0;
    while (part + 1 < place->parts && place->sentences[part].last <= first) part++;
    sentence = &place->sentences[part];
    end = last == sentence->last ? last + 1 : last; /* the end mark goes with the last word */
    for (i = first; i < end && i < place->count; i++) {
        gone += verdict->weights[i][k];
    }
    for (i = 0; i < verdict->matches; i++) {
        const Found *match = &verdict->found[i];
        if (match->first < last && first < match->last &&
            self->rules[match->rule].dimension == k) {
            removed += verdict->match_weights[i];
            alone += own_weight(self, match);
        }
    }
    log_odds = verdict->whole[k] - removed - (double)gone * word_factor(self, place->count);
    if (place->parts > 1) {
        double factor = word_factor(self, sentence->last + 1 - sentence->first);
        double lost = alone * verdict->steep[k] + (double)gone * factor;
        double pooled = pool(self, place, verdict->sums, k, part, lost, alone, &i);
        if (pooled > log_odds) {
            log_odds = pooled;
        }
    }
    change = probability(log_odds) - probability(verdict->log_odds[k]);
    return change < 0.0 ? change : 0.0;
}

static int by_strength(const void *a, const void *b) {
    const Candidate *x = a, *y = b;
    if (x->strength != y->strength) {
        return x->strength > y->strength ? -1 : 1;
    }
    if (x->words != y->words) {
        return x->words > y->words ? -1 : 1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

static int by_usefulness(const void *a, const void *b) {
    const Advice *x = a, *y = b;
    if (x->size != y->size) {
        return x->size > y->size ? -1 : 1;
    }
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    if (x->end != y->end) {
        return x->end < y->end ? -1 : 1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

/* Adds a hint to those in the scratch; takes over `span` and `suggestions`. */
static int add_hint(Engine *self, Scratch *scratch, Py_ssize_t *count, PyObject *rule,
                    PyObject *practice, int dimension, PyObject *span, PyObject *message,
                    PyObject *suggestions, double change) {
    PyObject *size = PyFloat_FromDouble(change), *hint;
    Advice *advice;
    if (span == NULL || suggestions == NULL || size == NULL ||
        reserve(&scratch->hints, (size_t)*count + 1, sizeof(Advice)) < 0 ||
        (hint = new_record(self->hint_type, 7)) == NULL) {
        Py_XDECREF(span);
        Py_XDECREF(suggestions);
        Py_XDECREF(size);
        return -1;
    }
    advice = (Advice *)scratch->hints.data + *count;
    advice->hint = hint;
    advice->effect = change;
    advice->size = 0.0; /* see `rank` */
    advice->start = advice->end = 0;
    advice->order = *count;
    advice->dimension = dimension;
    advice->placed = span != Py_None;
    if (advice->placed) {
        advice->start = PyLong_AsSsize_t(PyTuple_GET_ITEM(span, 0));
        advice->end = PyLong_AsSsize_t(PyTuple_GET_ITEM(span, 1));
    }
    PyTuple_SET_ITEM(hint, 0, Py_NewRef(rule));
    PyTuple_SET_ITEM(hint, 1, Py_NewRef(practice));
    PyTuple_SET_ITEM(hint, 2, Py_NewRef(PyTuple_GET_ITEM(self->dimensions, dimension)));
    PyTuple_SET_ITEM(hint, 3, span);
    PyTuple_SET_ITEM(hint, 4, Py_NewRef(message));
    PyTuple_SET_ITEM(hint, 5, suggestions);
    PyTuple_SET_ITEM(hint, 6, size);
    (*count)++;
    return 0;
}

/* The words of a hint and what can stand in their place, worded in Python. Words that one of
 * the other hints is about are not taken in. */
static PyObject *placed(Engine *self, const Verdict *verdict, const Found *match,
                        const Candidate *chosen, Py_ssize_t count) {
    const Place *place = &verdict->place;
    const Part *sentence = place->sentences;
    Py_ssize_t low, high, i;
    PyObject *made;
    while (sentence + 1 < place->sentences + place->parts && match->first >= sentence->last) {
        sentence++;
    }
    low = sentence->start;
    high = sentence->end;
    for (i = 0; i < count; i++) {
        const Found *other = chosen[i].match;
        if (low < other->end && other->end <= match->start) {
            low = other->end;
        }
        if (match->end <= other->start && other->start < high) {
            high = other->start;
        }
    }
    made = PyObject_CallFunction(self->place, "OnnOnnnn", place->text, match->start, match->end,
                                 self->rules[match->rule].replace, sentence->start,
                                 sentence->end, low, high);
    if (made != NULL && (!PyTuple_Check(made) || PyTuple_GET_SIZE(made) != 2 ||
                         !PyTuple_Check(PyTuple_GET_ITEM(made, 0)) ||
                         PyTuple_GET_SIZE(PyTuple_GET_ITEM(made, 0)) != 2)) {
        PyErr_SetString(PyExc_TypeError, "a span and suggestions were expected");
        Py_CLEAR(made);
    }
    return made;
}

/* Where the words of a hint end without those that lean on the next, found in Python; -1 with
 * an error. Most words lean on nothing: those are not asked about. */
static Py_ssize_t trimmed_end(Engine *self, PyObject *text, Py_ssize_t start, Py_ssize_t end) {
    Py_ssize_t first = end;
    PyObject *word, *lower, *made;
    int leans;
    if (end + 1 >= PyUnicode_GET_LENGTH(text) || PyUnicode_READ_CHAR(text, end) != ' ' ||
        !Py_UNICODE_ISALNUM(PyUnicode_READ_CHAR(text, end + 1))) {
        return end;
    }
    while (first > start && PyUnicode_READ_CHAR(text, first - 1) != ' ') first--;
    if ((word = PyUnicode_Substring(text, first, end)) == NULL) {
        return -1;
    }
    lower = PyObject_CallMethod(word, "lower", NULL);
    Py_DECREF(word);
    leans = lower == NULL ? -1 : PySet_Contains(self->trimmed, lower);
    Py_XDECREF(lower);
    if (leans <= 0) {
        return leans < 0 ? -1 : end;
    }
    made = PyObject_CallFunction(self->trim, "Onn", text, start, end);
    end = made == NULL ? -1 : PyLong_AsSsize_t(made);
    Py_XDECREF(made);
    return end;
}

/* Whether there is a hint already that says what a rule's does. */
static int said(const Advice *advice, Py_ssize_t count, const PyObject *rule) {
    Py_ssize_t i;
    for (i = 0; i < count; i++) {
        if (PyTuple_GET_ITEM(advice[i].hint, 0) == rule) {
            return 1;
        }
    }
    return 0;
}

/* Hints about what rules found: the strongest, and of those that overlap one. */
static int rule_hints(Engine *self, Scratch *scratch, const Verdict *verdict,
                      const double *scores, Py_ssize_t *count) {
    Py_ssize_t i, j, candidates = 0, chosen = 0;
    Candidate *candidate;
    /* What matching needed is not needed any more. */
    if (reserve(&scratch->hits, (size_t)verdict->matches, sizeof(Candidate)) < 0) {
        return -1;
    }
    candidate = scratch->hits.data;
    for (i = 0; i < verdict->matches; i++) {
        const Found *match = &verdict->found[i];
        const Rule *rule = &self->rules[match->rule];
        if (rule->has_hint && scores[rule->dimension] >= self->least_score) {
            candidate[candidates] =
                (Candidate){match, own_weight(self, match) + rule->strength,
                            match->last - match->first, candidates};
            candidates++;
        }
    }
    if (candidates < 2) {
        chosen = candidates;
    } else {
        qsort(candidate, (size_t)candidates, sizeof(Candidate), by_strength);
        for (i = 0; i < candidates; i++) {
            const Found *match = candidate[i].match;
            for (j = 0; j < chosen; j++) {
                const Found *other = candidate[j].match;
                if (other->first < match->last && match->first < other->last) {
                    break;
                }
            }
            if (j == chosen) {
                candidate[chosen++] = candidate[i];
                if (chosen == self->most) {
                    break;
                }
            }
        }
    }
    for (i = 0; i < chosen; i++) {
        const Found *match = candidate[i].match;
        const Rule *rule = &self->rules[match->rule];
        double change;
        PyObject *span, *suggestions;
        if (rule->replace == NULL && said(scratch->hints.data, *count, rule->id)) {
            continue;
        }
        change = effect(self, verdict, rule->dimension, match->first, match->last);
        if (change >= 0 && rule->dimension != 2) {
            continue; /* without these words the text would read no better */
        }
        if (rule->replace == NULL) {
            Py_ssize_t end = trimmed_end(self, verdict->place.text, match->start, match->end);
            if (end < 0) {
                return -1;
            }
            span = new_span(self->span_type, match->start, end);
            suggestions = PyTuple_New(0);
        } else {
            PyObject *made = placed(self, verdict, match, candidate, chosen);
            if (made == NULL) {
                return -1;
            }
            span = Py_NewRef(PyTuple_GET_ITEM(made, 0));
            suggestions = Py_NewRef(PyTuple_GET_ITEM(made, 1));
            Py_DECREF(made);
        }
        if (add_hint(self, scratch, count, rule->id, rule->practice, rule->dimension, span,
                     rule->hint, suggestions, change) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Whether words are of a text that is clear, or begin in a sentence that is. */
static int within(const Engine *self, const Verdict *verdict, int k, int clear,
                  Py_ssize_t start) {
    const Place *place = &verdict->place;
    Py_ssize_t i;
    for (i = 0; i < place->parts; i++) {
        if (place->sentences[i].start <= start && start < place->sentences[i].end) {
            return clear || verdict->sums[i].log_odds[k] >= self->alone[k];
        }
    }
    return 0;
}

/* What words weigh as hostile. */
static double hostile(const Engine *self, const Evidence *evidence, Py_ssize_t items,
                      const Evidence *words) {
    const PyObject *context = PyTuple_GET_ITEM(self->context_ids, 0);
    double weight = 0.0;
    Py_ssize_t i;
    for (i = 0; i < items; i++) {
        const Evidence *item = &evidence[i];
        if (item->dimension == 0 && item->rule != context && item->start < words->end &&
            words->start < item->end) {
            weight += item->weight;
        }
    }
    return weight;
}

/* The words of a piece of evidence, but the mark at the end of their sentence. */
static void words_of(const Place *place, const Evidence *piece, Py_ssize_t *first,
                     Py_ssize_t *last) {
    Py_ssize_t low, high, i;
    for (low = 0, high = place->count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        if (place->ends[middle] <= piece->start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *first = low;
    for (low = 0, high = place->count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        if (place->starts[middle] < piece->end) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *last = low;
    for (i = 0; i < place->parts; i++) {
        if (place->sentences[i].last > *first) {
            if (*last > place->sentences[i].last) {
                *last = place->sentences[i].last;
            }
            break;
        }
    }
}

/* Whether piece `a` comes after `b`: it weighs less, or stands later. */
static int after(const Evidence *a, const Evidence *b) {
    if (a->weight != b->weight) {
        return a->weight < b->weight;
    }
    if (a->start != b->start) {
        return a->start > b->start;
    }
    return a->end != b->end ? a->end > b->end : a > b;
}

/* Hints about the most telling words of a text, or of sentences that are clear: `Teller`. */
static int telling_hints(Engine *self, Scratch *scratch, const Verdict *verdict, double score,
                         const Evidence *evidence, Py_ssize_t items, int k,
                         Py_ssize_t *count) {
    const Place *place = &verdict->place;
    const Evidence *done = NULL;
    PyObject *text = PyTuple_GET_ITEM(self->lexicon_hints, k);
    Py_ssize_t i, found = 0;
    int clear = score >= self->clear, told = 0;
    if (!clear) {
        for (i = 0; i < place->parts && verdict->sums[i].log_odds[k] < self->alone[k]; i++) {
        }
        if (i == place->parts) {
            return 0;
        }
    }
    for (i = 0; i < *count && !told; i++) {
        const Advice *other = (Advice *)scratch->hints.data + i;
        told = other->placed && other->dimension == k &&
               within(self, verdict, k, clear, other->start);
    }
    while (found < self->most_telling) {
        const Evidence *best = NULL;
        Py_ssize_t first, last, end;
        double change;
        for (i = 0; i < items; i++) {
            const Evidence *item = &evidence[i];
            if (item->dimension == k && item->lexicon && (done == NULL || after(item, done)) &&
                (best == NULL || after(best, item))) {
                best = item;
            }
        }
        if (best == NULL || (told && best->weight < self->more[k])) {
            break;
        }
        done = best;
        if (!within(self, verdict, k, clear, best->start)) {
            continue;
        }
        for (i = 0; i < *count; i++) {
            const Advice *other = (Advice *)scratch->hints.data + i;
            if (other->placed && other->start < best->end && best->start < other->end) {
                break;
            }
        }
        if (i < *count || (k == 1 && hostile(self, evidence, items, best) > best->weight)) {
            continue;
        }
        words_of(place, best, &first, &last);
        if (last - first <= k) {
            continue; /* one word guards nobody */
        }
        change = effect(self, verdict, k, first, last);
        if (change >= 0) {
            continue;
        }
        if ((end = trimmed_end(self, place->text, best->start, best->end)) < 0 ||
            add_hint(self, scratch, count, best->rule, PyTuple_GET_ITEM(text, 0), k,
                     new_span(self->span_type, best->start, end),
                     PyTuple_GET_ITEM(text, found ? 2 : 1), PyTuple_New(0), change) < 0) {
            return -1;
        }
        found++;
        told = 1;
    }
    return 0;
}

/* What a defensive text lacks: hints without a span. */
static int missing_hints(Engine *self, Scratch *scratch, const Verdict *verdict,
                         Py_ssize_t *count) {
    Py_ssize_t i, j;
    double now = verdict->log_odds[2], most, kept;
    int warm = 0;
    for (i = 0; i < verdict->place.parts && !warm; i++) {
        warm = probability(verdict->sums[i].log_odds[2]) >= self->clear;
    }
    for (i = 0; i < self->missing_count; i++) {
        PyObject *text = PyTuple_GET_ITEM(self->missing, i), *lacks;
        int missing;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(text, 4), "dd", &most, &kept)) {
            return -1;
        }
        if (warm && PyTuple_GET_ITEM(text, 6) == Py_True) {
            continue;
        }
        for (j = 0; j < verdict->matches; j++) {
            if (self->rules[verdict->found[j].rule].missing == i) {
                break;
            }
        }
        if (j < verdict->matches) {
            continue;
        }
        lacks = PyObject_CallFunctionObjArgs(self->lacks, verdict->place.text,
                                             PyTuple_GET_ITEM(text, 5), NULL);
        missing = lacks == NULL ? -1 : PyObject_IsTrue(lacks);
        Py_XDECREF(lacks);
        if (missing < 0 ||
            (missing &&
             add_hint(self, scratch, count, PyTuple_GET_ITEM(text, 0),
                      PyTuple_GET_ITEM(text, 1), 2, Py_NewRef(Py_None),
                      PyTuple_GET_ITEM(text, 2), Py_NewRef(PyTuple_GET_ITEM(text, 3)),
                      probability(most + kept * now) - probability(now)) < 0)) {
            return -1;
        }
    }
    return 0;
}

static double odds_of(double score) {
    double least = NEAREST > score ? NEAREST : score;
    least = 1 - NEAREST < least ? 1 - NEAREST : least;
    return log(least / (1 - least));
}

/* How useful hints are: `calmtone.ranking`. */
static void rank(Advice *advice, Py_ssize_t count, const double *scores) {
    double sums[DIMENSIONS][2] = {{0.0}}, shares[DIMENSIONS][2];
    Py_ssize_t i;
    int k, up;
    for (i = 0; i < count; i++) {
        double score = scores[advice[i].dimension];
        advice[i].size = odds_of(score + advice[i].effect) - odds_of(score);
        sums[advice[i].dimension][advice[i].size > 0] += advice[i].size;
    }
    for (k = 0; k < DIMENSIONS; k++) {
        for (up = 0; up < 2; up++) {
            double total = sums[k][up], worth;
            if (total <= 0) {
                worth = scores[k] * (1 - exp(total));
            } else {
                worth = 1 / (1 + exp(-(odds_of(scores[k]) + total))) - scores[k];
                worth *= 1 - scores[0]; /* nobody hears it beside an attack */
            }
            shares[k][up] = total != 0.0 ? worth / fabs(total) : 0.0;
        }
    }
    for (i = 0; i < count; i++) {
        double change = advice[i].size;
        advice[i].size = fabs(change) * shares[advice[i].dimension][change > 0];
    }
}

/* Hints; `alone`: the text answers no message, so that what it lacks is for us to say. */
PyObject *engine_hints(Engine *self, Scratch *scratch, const Verdict *verdict,
                       const double *scores, const Evidence *evidence, Py_ssize_t items,
                       int alone) {
    Py_ssize_t count = 0, i;
    PyObject *made = NULL;
    Advice *advice;
    int k, failed;
    failed = verdict->matches && rule_hints(self, scratch, verdict, scores, &count) < 0;
    for (k = 0; k < 2 && !failed; k++) {
        failed = telling_hints(self, scratch, verdict, scores[k], evidence, items, k,
                               &count) < 0;
    }
    if (!failed && alone && scores[1] >= self->clear && !(scores[2] >= self->clear)) {
        failed = missing_hints(self, scratch, verdict, &count) < 0;
    }
    advice = scratch->hints.data;
    if (!failed && (made = PyTuple_New(count)) != NULL) {
        if (count > 1) {
            rank(advice, count, scores);
            qsort(advice, (size_t)count, sizeof(Advice), by_usefulness);
        }
        for (i = 0; i < count; i++) {
            PyTuple_SET_ITEM(made, i, advice[i].hint);
        }
        return made;
    }
    for (i = 0; i < count; i++) {
        Py_DECREF(advice[i].hint);
    }
    return NULL;
}
