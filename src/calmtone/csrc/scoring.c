/* Matches and words to log-odds and evidence: `calmtone.scoring`. */
#include "native.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums must come out as in Python, to the last bit. */
#if defined(__clang__) || defined(_MSC_VER)
#pragma STDC FP_CONTRACT OFF
#endif

double probability(double log_odds) {
    return log_odds > -700 ? 1 / (1 + exp(-log_odds)) : 0.0;
}

/* What a word's weight of this scale is multiplied with where there are so many words. */
static inline double factor_of(const Engine *self, double scale, Py_ssize_t words) {
    Py_ssize_t size = 2 * words > self->least_size ? 2 * words : self->least_size;
    if (size > self->most_size) {
        return scale * sqrt((double)self->most_size) / (double)size;
    }
    return scale / sqrt((double)size);
}

/* What the weight of a match is multiplied with where there are so many words. */
static double fade_of(const Engine *self, Py_ssize_t words) {
    return 2 * words > self->most_size ? sqrt((double)self->most_size / (double)(2 * words)) : 1.0;
}

/* How short a text is, from 0 at `short_words` different words to 1. */
static double shortness_of(const Engine *self, const int32_t *ids, Py_ssize_t words) {
    int32_t seen[MOST_SHORT];
    Py_ssize_t i, at, known = 0, left = self->short_words;
    for (i = 0; i < words; i++) {
        for (at = 0; at < known && seen[at] != ids[i]; at++) {
        }
        if (at < known) continue;
        if (--left <= 0) return 0.0;
        if (ids[i] != UNKNOWN_ID && ids[i] != MASK_ID) seen[known++] = ids[i];
    }
    return (double)left / (double)self->short_words;
}

double word_factor(const Engine *self, Py_ssize_t words) {
    return factor_of(self, self->scale, words);
}

/* The register of a text, in steps, from the sum of what its words weigh for it. */
static int32_t register_of(const Engine *self, int64_t sum, Py_ssize_t words) {
    double factor = factor_of(self, self->register_scale, words);
    double share = probability(self->register_base + (double)sum * factor);
    return (int32_t)floor((2 * share - 1) * STEPS + 0.5);
}

/* -- the lexicon ---------------------------------------------------------------------- */

#define MOST_ADDED 4096 /* words whose weights are added up in 32 bits */

/* The weights of a term by its number. */
static int read_weights(const Engine *self, Py_ssize_t number, int16_t *weights) {
    Py_ssize_t k;
    memset(weights, 0, sizeof(Pair));
    for (k = 0; k < WEIGHTS; k++) {
        const Py_buffer *column = &self->columns[k];
        if (number < 0 || number >= column->len / (Py_ssize_t)sizeof(int16_t)) {
            PyErr_SetString(PyExc_ValueError, "the lexicon has fewer weights than terms");
            return -1;
        }
        weights[k] = ((const int16_t *)column->buf)[number];
    }
    return 0;
}

static int know_term(Engine *self, int32_t id) {
    Term *term = &self->terms[id];
    PyObject *word = reader_word(self->reader, id), *number;
    Pair own;
    int k;
    if (word == NULL || ((number = PyDict_GetItemWithError(self->numbers, word)) == NULL &&
                         PyErr_Occurred())) {
        return -1;
    }
    if (number != NULL) {
        if (read_weights(self, PyLong_AsSsize_t(number), own) < 0) {
            return -1;
        }
        for (k = 0; k < WEIGHTS; k++) {
            term->own[k] = own[k];
        }
    }
    term->known = 1;
    return 0;
}

/* The bits of a hash that choose among so many slots, a power of two. */
static int32_t shift_of(size_t room) {
    int32_t shift = 32;
    while ((size_t)1 << (32 - shift) < room) shift--;
    return shift;
}

static inline uint32_t place_of(int32_t id, int32_t shift) {
    return (uint32_t)((uint64_t)((uint32_t)id * 2654435761u) >> shift);
}

static const Slot nothing_after = {-1, -1}; /* of most words, so that it is near at hand */

/* The words that may come after one, from a string with their names, as a hash table of
 * `1 << (32 - *shift)` slots; each slot has the place of what the word then weighs, behind
 * the slots. The table is one block of memory. */
static const Slot *make_after(Engine *self, int32_t first, int32_t *shift) {
    PyObject *key, *entry, *names = NULL;
    Py_ssize_t i, start = 0, size = 0, count = 0;
    size_t room = 1, at;
    Slot *after;
    Pair *pairs;
    key = first >= FIRST_MARK_ID && first < FIRST_WORD_ID ? self->start_word
                                                          : reader_word(self->reader, first);
    if (key == NULL) {
        return NULL;
    }
    entry = PyDict_GetItemWithError(self->firsts, key);
    if (entry == NULL && PyErr_Occurred()) {
        return NULL;
    }
    if (entry != NULL) {
        if (!PyTuple_Check(entry) || PyTuple_GET_SIZE(entry) != 2 ||
            !PyUnicode_Check(PyTuple_GET_ITEM(entry, 0))) {
            PyErr_SetString(PyExc_ValueError, "the lexicon's pairs must be strings");
            return NULL;
        }
        start = PyLong_AsSsize_t(PyTuple_GET_ITEM(entry, 1));
        if (start == -1 && PyErr_Occurred()) {
            return NULL;
        }
        names = PyUnicode_Split(PyTuple_GET_ITEM(entry, 0), NULL, -1);
        if (names == NULL) {
            return NULL;
        }
        size = PyList_GET_SIZE(names);
    }
    while (room < 3 * (size_t)size) room *= 2;
    *shift = shift_of(room);
    if (size == 0) {
        Py_XDECREF(names);
        return &nothing_after;
    }
    after = PyMem_Malloc(room * sizeof(Slot) + (size_t)size * sizeof(Pair));
    if (after == NULL) {
        Py_XDECREF(names);
        PyErr_NoMemory();
        return NULL;
    }
    memset(after, 0xff, room * sizeof(Slot));
    pairs = (Pair *)(after + room);
    for (i = 0; i < size; i++) {
        int32_t id = reader_id(self->reader, PyList_GET_ITEM(names, i));
        if (id < 0 && !PyErr_Occurred()) {
            continue; /* no text is read as this word */
        }
        if (id < 0 || read_weights(self, start + i, pairs[count]) < 0) {
            PyMem_Free(after);
            Py_DECREF(names);
            return NULL;
        }
        at = place_of(id, *shift);
        while (after[at].key >= 0 && after[at].key != id) at = (at + 1) & (room - 1);
        after[at] = (Slot){id, (int32_t)count++};
    }
    Py_XDECREF(names);
    return after;
}

static void free_after(const Slot *after) {
    if (after != &nothing_after) {
        PyMem_Free((void *)after);
    }
}

/* Looks up a word, and the words that may come after it. */
static int know_after(Engine *self, int32_t id) {
    Term *term = &self->terms[id];
    int32_t shift;
    const Slot *after = make_after(self, id, &shift);
    if (after == NULL) {
        return -1;
    }
    if (term->after != NULL) { /* another thread was faster */
        free_after(after);
    } else {
        term->shift = shift;
        term->pairs = (const Pair *)(after + ((size_t)1 << (32 - shift)));
        term->after = after;
    }
    return 0;
}

void engine_forget(Engine *self) {
    Py_ssize_t i;
    for (i = 0; self->terms != NULL && i < self->term_room; i++) {
        free_after(self->terms[i].after);
    }
}

static const Pair no_pair;

/* What each word weighs more because of the word before it. Word by word without waiting for
 * what the one before needs, so that memory is asked for many at once. */
static int find_pairs(Engine *self, const int32_t *ids, Py_ssize_t count, const Pair **pairs) {
    int32_t before = FIRST_MARK_ID;
    Py_ssize_t i;
    for (i = 0; i < count; i++) {
        int32_t id = ids[i];
        const Term *term = &self->terms[before];
        const Slot *slots;
        uint32_t at, last;
        if ((!self->terms[id].known && know_term(self, id) < 0) ||
            (term->after == NULL && know_after(self, before) < 0)) {
            return -1;
        }
        slots = term->after;
        last = (uint32_t)((uint64_t)UINT32_MAX >> term->shift);
        at = place_of(id, term->shift);
        while (slots[at].key != id && slots[at].key >= 0) at = (at + 1) & last;
        pairs[i] = slots[at].key == id ? &term->pairs[slots[at].value] : &no_pair;
        FETCH(pairs[i]);
        before = id;
    }
    return 0;
}

/* Adds up what words weigh, in all lanes. */
static void add_up(const Engine *self, const int32_t *ids, const Pair *const *pairs,
                   Py_ssize_t count, int64_t *total) {
    Py_ssize_t i, end;
    int k;
    memset(total, 0, LANES * sizeof(*total));
    for (i = 0; i < count; i = end) {
        int32_t sums[LANES] = {0};
        end = count - i > MOST_ADDED ? i + MOST_ADDED : count;
        for (; i < end; i++) {
            const int32_t *own = self->terms[ids[i]].own;
            const int16_t *pair = *pairs[i];
            for (k = 0; k < LANES; k++) {
                sums[k] += own[k] + pair[k];
            }
        }
        for (k = 0; k < LANES; k++) {
            total[k] += sums[k];
        }
    }
}

/* -- matches -------------------------------------------------------------------------- */

typedef struct {
    int dimension;
    Py_ssize_t first, last;
} Range;

static int by_dimension(const void *a, const void *b) {
    const Range *x = a, *y = b;
    if (x->dimension != y->dimension) {
        return x->dimension < y->dimension ? -1 : 1;
    }
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return (x->last > y->last) - (x->last < y->last);
}

#define LONGEST 100 /* words; no phrase is longer */

/* Whether a neutral match of the same dimension, of those sorted, shares a word. */
static int is_neutralised(const Range *ranges, Py_ssize_t count, int dimension,
                          const Found *found) {
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        const Range *range = &ranges[middle];
        if (range->dimension < dimension ||
            (range->dimension == dimension && range->first < found->last)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low && ranges[low - 1].dimension == dimension &&
           ranges[low - 1].first > found->first - LONGEST) {
        if (ranges[--low].last > found->first) {
            return 1;
        }
    }
    return 0;
}

static int by_position(const void *a, const void *b) {
    const Found *x = a, *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    if (x->end != y->end) {
        return x->end > y->end ? -1 : 1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

/* All matches in the order of the text into the scratch, those of neutral rules into its
 * `neutral`; 0, or -1 with an error. */
static int find(Engine *self, Scratch *scratch, const Place *place, Py_ssize_t *matches,
                Py_ssize_t *neutrals) {
    const int32_t *ids = scratch->ids.data;
    Py_ssize_t count = 0, kept = 0, neutral = 0, w, i;
    int32_t offset = 0;
    Found *found;
    Range *ranges;
    Info **words;
    if (reserve(&scratch->infos, (size_t)place->count, sizeof(Info *)) < 0) {
        return -1;
    }
    words = scratch->infos.data;
    for (w = 0; w < self->walker_count; w++) {
        Walker *walker = self->walkers[w];
        Py_ssize_t before = count;
        for (i = 0; i < place->count; i++) {
            int32_t id = ids[i];
            const Term *term = &self->terms[id];
            Info **info = w ? &self->infos[w][id] : &self->terms[id].info;
            if (*info == NULL) {
                PyObject *word = reader_word(self->reader, id);
                if (word == NULL || (*info = walker_info(walker, word)) == NULL) {
                    return -1;
                }
            }
            words[i] = *info;
            FETCH(words[i]);
            if (!w && i + 1 < place->count && term->after != NULL) {
                FETCH(term->after + place_of(ids[i + 1], term->shift)); /* see `find_pairs` */
            }
        }
        if (walker_find(walker, place, words, scratch, &count) < 0) {
            return -1;
        }
        found = scratch->found.data;
        for (i = before; i < count; i++) {
            found[i].rule += offset;
        }
        offset += (int32_t)walker->rules;
    }
    found = scratch->found.data;
    for (i = 0; i < count; i++) {
        neutral += self->rules[found[i].rule].neutral && !self->rules[found[i].rule].replaced;
    }
    if (reserve(&scratch->neutral, (size_t)neutral, sizeof(Range)) < 0) {
        return -1;
    }
    ranges = scratch->neutral.data;
    for (i = neutral = 0; i < count; i++) {
        const Rule *rule = &self->rules[found[i].rule];
        if (rule->neutral && !rule->replaced) {
            ranges[neutral++] = (Range){rule->dimension, found[i].first, found[i].last};
        }
    }
    if (neutral > 1) {
        qsort(ranges, (size_t)neutral, sizeof(Range), by_dimension);
    }
    for (i = 0; i < count; i++) {
        const Rule *rule = &self->rules[found[i].rule];
        if (!rule->replaced && !rule->neutral &&
            !is_neutralised(ranges, neutral, rule->dimension, &found[i])) {
            found[kept++] = found[i];
        }
    }
    if (kept > 1) {
        qsort(found, (size_t)kept, sizeof(Found), by_position);
    }
    *matches = kept;
    *neutrals = neutral;
    return 0;
}

/* The words that the lexicon reads: those of neutral matches are taken out. */
static const int32_t *scored_words(Scratch *scratch, const Place *place, Py_ssize_t neutral) {
    const Range *ranges = scratch->neutral.data;
    Py_ssize_t i, at;
    int32_t *ids;
    if (!neutral) {
        return scratch->ids.data;
    }
    if (reserve(&scratch->scored, (size_t)place->count, sizeof(int32_t)) < 0) {
        return NULL;
    }
    ids = scratch->scored.data;
    memcpy(ids, scratch->ids.data, (size_t)place->count * sizeof(int32_t));
    for (i = 0; i < neutral; i++) {
        for (at = ranges[i].first; at < ranges[i].last; at++) {
            ids[at] = MASK_ID;
        }
    }
    return ids;
}

/* -- log-odds ------------------------------------------------------------------------- */

/* The matches' weights into the scratch, and their sums. */
static int weigh_matches(Engine *self, Scratch *scratch, const Verdict *verdict, double *rules,
                         double *forms) {
    Py_ssize_t *places, *seen, i, k, at = 0;
    int32_t *counts;
    double *weights;
    Sums *sums = scratch->sums.data;
    double fade = fade_of(self, verdict->place.count);
    if (reserve(&scratch->places, (size_t)verdict->matches, sizeof(Py_ssize_t)) < 0 ||
        reserve(&scratch->weights, (size_t)verdict->matches, sizeof(double)) < 0 ||
        reserve(&scratch->counts, (size_t)self->rule_count, sizeof(int32_t)) < 0 ||
        reserve(&scratch->forms, (size_t)self->form_count, sizeof(Py_ssize_t)) < 0) {
        return -1;
    }
    places = scratch->places.data;
    weights = scratch->weights.data;
    counts = scratch->counts.data;
    seen = scratch->forms.data;
    memset(counts, 0, (size_t)self->rule_count * sizeof(int32_t));
    for (i = 0; i < self->form_count; i++) {
        seen[i] = -1;
    }
    for (i = 0; i < verdict->matches; i++) {
        const Found *match = &verdict->found[i];
        const Rule *rule = &self->rules[match->rule];
        double weight = rule->weights[match->degree < 0 ? 2 : match->degree];
        while (at + 1 < verdict->place.parts &&
               verdict->place.sentences[at].last <= match->first) {
            at++;
        }
        sums[at].borne[rule->dimension] += weight;
        weight *= verdict->steep[rule->dimension];
        sums[at].rules[rule->dimension] += weight;
        weight *= fade;
        if (counts[match->rule]) {
            weight *= pow(self->repeat, (double)counts[match->rule]);
        }
        counts[match->rule]++;
        rules[rule->dimension] += weight;
        places[i] = at;
        weights[i] = weight;
        if (rule->form >= 0 && seen[rule->form] != at) {
            const double *form = self->forms[rule->form];
            for (k = 0; k < DIMENSIONS; k++) {
                sums[at].rules[k] += form[k];
                if (seen[rule->form] < 0) {
                    forms[k] += form[k] * fade;
                }
            }
            seen[rule->form] = at;
        }
    }
    return 0;
}

/* What each word weighs in the register of the text, into the scratch. */
static int weigh_words(const Engine *self, Scratch *scratch, Verdict *verdict,
                       const int32_t *ids, const Pair *const *pairs, int32_t reg) {
    Py_ssize_t i, k, count = verdict->place.count;
    int32_t(*weights)[DIMENSIONS];
    if (reserve(&scratch->tokens, (size_t)count, sizeof(*weights)) < 0) {
        return -1;
    }
    weights = scratch->tokens.data; /* the tokens are not needed any more */
    for (i = 0; i < count; i++) {
        const int32_t *own = self->terms[ids[i]].own;
        const int16_t *pair = *pairs[i];
        for (k = 0; k < DIMENSIONS; k++) {
            weights[i][k] = (own[k] + pair[k]) * STEPS +
                            (own[DIMENSIONS + k] + pair[DIMENSIONS + k]) * reg;
        }
    }
    verdict->weights = (const int32_t(*)[DIMENSIONS])weights;
    return 0;
}

/* The log-odds of a sentence, less the margin where no match bears it out. */
static inline double borne_out(const Engine *self, const Sums *sums, int k, double gone,
                               double alone) {
    double doubt = 1 - (sums->borne[k] - alone) / self->enough;
    return (sums->log_odds[k] - gone) - self->margin[k] * (doubt > 0.0 ? doubt : 0.0);
}

double pool(const Engine *self, const Place *place, const Sums *sums, int k, Py_ssize_t changed,
            double gone, double alone, Py_ssize_t *telling) {
    double best = -INFINITY, share = 0.0, value;
    Py_ssize_t i;
    for (i = 0; i < place->parts; i++) {
        value = i == changed ? borne_out(self, &sums[i], k, gone, alone)
                             : borne_out(self, &sums[i], k, 0.0, 0.0);
        if (value > best) {
            best = value;
            *telling = i;
        }
    }
    for (i = 0; i < place->parts; i++) {
        value = i == changed ? borne_out(self, &sums[i], k, gone, alone)
                             : borne_out(self, &sums[i], k, 0.0, 0.0);
        share += exp(self->sharpness * (value - best));
    }
    return best + log(share / (double)place->parts) / self->sharpness;
}

int engine_weigh(Engine *self, Scratch *scratch, Verdict *verdict, int evidence) {
    const Place *place = &verdict->place;
    Py_ssize_t neutral, i, k;
    const int32_t *ids;
    const Pair **pairs;
    int32_t reg;
    int64_t(*lanes)[LANES], total[DIMENSIONS] = {0, 0, 0}, talk = 0;
    double base[DIMENSIONS], factor, shortness;
    double rules[DIMENSIONS] = {0.0, 0.0, 0.0}, forms[DIMENSIONS] = {0.0, 0.0, 0.0};
    Sums *sums;
    if (find(self, scratch, place, &verdict->matches, &neutral) < 0 ||
        (ids = scored_words(scratch, place, neutral)) == NULL ||
        reserve(&scratch->pairs, (size_t)place->count, sizeof(*pairs)) < 0 ||
        reserve(&scratch->lanes, (size_t)place->parts, sizeof(*lanes)) < 0 ||
        reserve(&scratch->sums, (size_t)place->parts, sizeof(Sums)) < 0) {
        return -1;
    }
    verdict->ids = scratch->ids.data;
    verdict->found = scratch->found.data;
    verdict->weights = NULL;
    pairs = scratch->pairs.data;
    lanes = scratch->lanes.data;
    sums = scratch->sums.data;
    memset(sums, 0, (size_t)place->parts * sizeof(Sums));
    if (find_pairs(self, ids, place->count, pairs) < 0) {
        return -1;
    }
    for (i = 0; i < place->parts; i++) {
        const Part *part = &place->sentences[i];
        add_up(self, ids + part->first, pairs + part->first, part->last + 1 - part->first,
               lanes[i]);
        talk += lanes[i][WEIGHTS - 1];
    }
    reg = register_of(self, talk, place->count);
    if (evidence && weigh_words(self, scratch, verdict, ids, pairs, reg) < 0) {
        return -1;
    }
    shortness = shortness_of(self, ids, place->count);
    for (k = 0; k < DIMENSIONS; k++) {
        verdict->steep[k] = 1 + shortness * self->steeper[k];
        base[k] =
            self->base[k] + (double)reg / STEPS * self->shift[k] + shortness * self->lift[k];
    }
    if (weigh_matches(self, scratch, verdict, rules, forms) < 0) {
        return -1;
    }
    for (i = 0; i < place->parts; i++) {
        const Part *part = &place->sentences[i];
        factor = word_factor(self, part->last + 1 - part->first);
        for (k = 0; k < DIMENSIONS; k++) {
            sums[i].words[k] = lanes[i][k] * STEPS + lanes[i][DIMENSIONS + k] * reg;
            total[k] += sums[i].words[k];
            sums[i].log_odds[k] =
                base[k] + sums[i].rules[k] + (double)sums[i].words[k] * factor;
        }
    }
    factor = word_factor(self, place->count);
    for (k = 0; k < DIMENSIONS; k++) {
        verdict->whole[k] = base[k] + rules[k] + forms[k] + (double)total[k] * factor;
        verdict->log_odds[k] = verdict->whole[k];
        verdict->governing[k] = -1;
        if (place->parts == 1) { /* a sentence by itself is the text */
            sums[0].log_odds[k] = verdict->whole[k];
        } else {
            Py_ssize_t telling;
            double pooled = pool(self, place, sums, (int)k, -1, 0.0, 0.0, &telling);
            if (pooled > verdict->log_odds[k]) {
                verdict->log_odds[k] = pooled;
                verdict->governing[k] = telling;
            }
        }
    }
    verdict->match_places = scratch->places.data;
    verdict->match_weights = scratch->weights.data;
    verdict->sums = sums;
    return 0;
}

/* -- evidence ------------------------------------------------------------------------- */

static int by_span(const void *a, const void *b) {
    const Evidence *x = a, *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    if (x->end != y->end) {
        return x->end < y->end ? -1 : 1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

/* The run of words whose weights add up to most; the mark's go to the last. */
static void telling_span(const Verdict *verdict, const Part *part, int k, Evidence *item) {
    int64_t best = 0, total = 0;
    Py_ssize_t at, best_first = part->first, best_last = part->first, start = part->first;
    for (at = part->first; at < part->last; at++) {
        int64_t value = verdict->weights[at][k];
        if (at + 1 == part->last) {
            value += verdict->weights[part->last][k];
        }
        if (total <= 0) {
            total = value;
            start = at;
        } else {
            total += value;
        }
        if (total > best) {
            best = total;
            best_first = start;
            best_last = at;
        }
    }
    item->start = verdict->place.starts[best_first];
    item->end = verdict->place.ends[best_last];
}

Py_ssize_t engine_evidence(Engine *self, Scratch *scratch, const Verdict *verdict) {
    const Place *place = &verdict->place;
    Py_ssize_t i, count = 0, first, last;
    Evidence *evidence;
    double rest[DIMENSIONS];
    int k;
    if (reserve(&scratch->evidence,
                (size_t)verdict->matches + DIMENSIONS * ((size_t)place->parts + 1),
                sizeof(Evidence)) < 0) {
        return -1;
    }
    evidence = scratch->evidence.data;
    for (k = 0; k < DIMENSIONS; k++) {
        rest[k] = verdict->log_odds[k] - self->base[k];
    }
    for (i = 0; i < verdict->matches; i++) {
        const Found *match = &verdict->found[i];
        const Rule *rule = &self->rules[match->rule];
        double weight = verdict->match_weights[i];
        k = rule->dimension;
        if (verdict->governing[k] >= 0) {
            weight = verdict->match_places[i] == verdict->governing[k]
                         ? rule->weights[match->degree < 0 ? 2 : match->degree]
                         : 0.0;
            weight *= verdict->steep[k];
        }
        rest[k] -= weight;
        evidence[count] = (Evidence){rule->id, k, 0, match->start, match->end, count, weight};
        count++;
    }
    for (k = 0; k < DIMENSIONS; k++) {
        Py_ssize_t governing = verdict->governing[k], start, end;
        double factor, least;
        if (governing < 0) {
            first = 0;
            last = place->parts;
            factor = word_factor(self, place->count);
        } else {
            first = governing;
            last = governing + 1;
            factor = word_factor(self, place->sentences[first].last + 1 -
                                           place->sentences[first].first);
        }
        start = place->sentences[first].start;
        end = place->sentences[last - 1].end;
        least = self->least[k] / factor;
        for (i = first; i < last; i++) {
            double value = (double)verdict->sums[i].words[k];
            if (value >= least) {
                Evidence *item = &evidence[count];
                *item = (Evidence){PyTuple_GET_ITEM(self->lexicon_ids, k), k, 1, 0, 0, count,
                                   value * factor};
                rest[k] -= item->weight;
                telling_span(verdict, &place->sentences[i], k, item);
                count++;
            }
        }
        evidence[count] = (Evidence){PyTuple_GET_ITEM(self->context_ids, k), k, 0, start, end,
                                     count, rest[k]};
        count++;
    }
    if (count > 3 || place->parts > 1) {
        qsort(evidence, (size_t)count, sizeof(Evidence), by_span);
    }
    return count;
}
