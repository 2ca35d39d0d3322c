/* Matches and missing acts to hints: `calmtone.hints`. */
#include "native.h"

#include <math.h>
#include <stdlib.h>

#if defined(__clang__) || defined(_MSC_VER)
#pragma STDC FP_CONTRACT OFF
#endif

#define FAINT 30.0 /* log-odds of no empathy that nothing goes below */

typedef struct {
    PyObject *hint; /* a new reference */
    double size;
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
        double lost = alone + (double)gone * word_factor(self, sentence->last + 1 - sentence->first);
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
    advice->size = fabs(change);
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
        double change = effect(self, verdict, rule->dimension, match->first, match->last);
        PyObject *span, *suggestions;
        if (change >= 0 && rule->dimension != 2) {
            continue; /* without these words the text would read no better */
        }
        if (rule->replace == NULL) {
            span = new_span(self->span_type, match->start, match->end);
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

/* A hint about the most telling words, where no rule has one. */
static int telling_hint(Engine *self, Scratch *scratch, const Verdict *verdict,
                        const Evidence *evidence, Py_ssize_t items, int k, Py_ssize_t *count) {
    const Place *place = &verdict->place;
    const Advice *others = scratch->hints.data;
    const Evidence *best = NULL;
    Py_ssize_t i, first, last, low, high;
    double change;
    PyObject *text = PyTuple_GET_ITEM(self->lexicon_hints, k);
    for (i = 0; i < items; i++) {
        if (evidence[i].dimension == k && evidence[i].lexicon &&
            (best == NULL || evidence[i].weight > best->weight)) {
            best = &evidence[i];
        }
    }
    if (best == NULL) {
        return 0;
    }
    for (i = 0; i < *count; i++) {
        if (others[i].placed && others[i].start < best->end && best->start < others[i].end) {
            return 0;
        }
    }
    for (low = 0, high = place->count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        if (place->ends[middle] <= best->start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    first = low;
    for (low = 0, high = place->count; low < high;) {
        Py_ssize_t middle = (low + high) / 2;
        if (place->starts[middle] < best->end) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    last = low;
    for (i = 0; i < place->parts; i++) {
        if (place->sentences[i].last > first) {
            if (last > place->sentences[i].last) {
                last = place->sentences[i].last; /* the mark at its end is no word of a hint */
            }
            break;
        }
    }
    if (first >= last) {
        return 0;
    }
    change = effect(self, verdict, k, first, last);
    if (change >= 0) {
        return 0;
    }
    return add_hint(self, scratch, count, best->rule, PyTuple_GET_ITEM(text, 0), k,
                    new_span(self->span_type, best->start, best->end), PyTuple_GET_ITEM(text, 1),
                    PyTuple_New(0), change);
}

/* How much score 2 moves if its odds grow by `adds`. */
static double gain_of(const Verdict *verdict, double adds) {
    double now = verdict->log_odds[2];
    double added = log(1 + adds * exp(-now < FAINT ? -now : FAINT));
    return probability(now + added) - probability(now);
}

/* What a defensive text lacks: hints without a span. */
static int missing_hints(Engine *self, Scratch *scratch, const Verdict *verdict,
                         Py_ssize_t *count) {
    Py_ssize_t i, j;
    for (i = 0; i < self->missing_count; i++) {
        PyObject *text = PyTuple_GET_ITEM(self->missing, i), *lacks;
        double adds = PyFloat_AsDouble(PyTuple_GET_ITEM(text, 4));
        int missing;
        if (adds == -1.0 && PyErr_Occurred()) {
            return -1;
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
                      gain_of(verdict, adds)) < 0)) {
            return -1;
        }
    }
    return 0;
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
        int any = 0;
        advice = scratch->hints.data;
        for (i = 0; i < count; i++) {
            any |= advice[i].dimension == k;
        }
        failed = scores[k] >= self->clear && !any &&
                 telling_hint(self, scratch, verdict, evidence, items, k, &count) < 0;
    }
    if (!failed && alone && scores[1] >= self->clear && !(scores[2] >= self->clear)) {
        failed = missing_hints(self, scratch, verdict, &count) < 0;
    }
    advice = scratch->hints.data;
    if (!failed && (made = PyTuple_New(count)) != NULL) {
        if (count > 1) {
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
