/* A message and its reply to needs, acts and heat: `calmtone.replies.reader` and `signs`. */
#include "native.h"

#include <math.h>
#include <string.h>

/* Sums must come out as in Python, to the last bit. */
#if defined(__clang__) || defined(_MSC_VER)
#pragma STDC FP_CONTRACT OFF
#endif

#define NOT_DONE -9.0 /* the score of an act where nothing can do it */

typedef int16_t Row[LANES]; /* weights by field, in steps of a unit */
typedef int64_t Total[LANES];

/* The features of a text, in the order in which Python hands over their weights. */
enum { M_QUESTION, M_QUESTIONS, M_ONLY, M_EXCLAIMS, M_CAPITALS, M_FIGURE, M_MONEY, M_SHORT,
       M_LONG, M_SENTENCES, MESSAGE_FEATURES };
enum { R_OVERLAP, R_OVERLAP_2, R_OVERLAP_4, R_ASKED, R_ASKED_2, R_FIGURE, R_QUESTION,
       R_EXCLAIMS, R_FIRST, R_LAST, R_SHORT, R_LONG, R_NOTHING_ASKED, REPLY_FEATURES };

#define TROUBLES (4 * 3 * 2 * 2 * 2) /* see `trouble_of` */
#define MOST_KINDS 64 /* of questions: a bit each */

/* What is known of a word of the reader: a line of memory. */
typedef struct {
    Row message, reply;
    Info *needs, *does;
    Py_ssize_t stem;  /* the number of what words are compared by, or -1 */
    Py_ssize_t known; /* whether it is filled in */
} Known;

/* A rule: what it shows, and what it weighs. */
typedef struct {
    Row row;
    int act;     /* that a need's rule shows, or a phrase of one that does it; or -1 */
    int other;   /* a need's: the kind of question; one that does: the act it sounds like; -1 */
    int crossed; /* see `crossed` of `Fields`; -1 */
} Shown;

/* The weights of one side: of messages, or of the sentences of replies. */
typedef struct {
    double unit;
    int64_t start[LANES]; /* the constants */
    Py_ssize_t fields, most, rule_count;
    PyObject *numbers, *columns; /* words to their numbers; weights by field and number */
    Walker *walker;
    Shown *rules;
} Fields;

typedef struct {
    PyObject_HEAD
    Reader *reader;
    PyObject *settings; /* owns what is borrowed here */
    PyObject *acts, *ignored, *stems;
    PyTypeObject *reply_type, *span_type, *places_type;
    Fields message, reply;
    Known *terms; /* by word id, at lines of `term_memory` */
    void *term_memory;
    Row message_features[MESSAGE_FEATURES], troubles[TROUBLES];
    Shown reply_features[REPLY_FEATURES]; /* `crossed` is used as well */
    Row *crossed; /* for each kind of question, what goes with none, and with each that does */
    Py_ssize_t act_count, kinds, crossings, stem_letters;
    int only, by_sentence; /* the kind of only questions; the act shown by a sentence */
    int acknowledge, own, answer, options;
    double need_over[LANES], does_over[LANES], missing_over, highest;
} Replier;

/* What the reply is compared with. */
typedef struct {
    uint64_t kinds;
    Py_ssize_t questions, stems; /* `stems`: how many there were when the message was read */
    double values[LANES];
    int needed[LANES];
} Heard;

enum { TOPIC = 1, ASKED = 2, MET = 4 };

static inline void add_row(Total total, const Row row) {
    int k;
    for (k = 0; k < LANES; k++) {
        total[k] += row[k];
    }
}

/* The value of each field: words count by a factor, signs and constants do not. */
static void values_of(const Fields *fields, const Total words, const Total signs,
                      double factor, double *values) {
    Py_ssize_t k;
    for (k = 0; k < fields->fields; k++) {
        if (factor == 1.0) {
            values[k] = (double)(words[k] + signs[k] + fields->start[k]) * fields->unit;
        } else {
            values[k] = (double)(signs[k] + fields->start[k]) * fields->unit +
                        factor * ((double)words[k] * fields->unit);
        }
    }
}

/* -- words ---------------------------------------------------------------------------- */

/* The weights of a word into a row, which holds zeros; 0, or -1 with an error. */
static int word_row(const Fields *fields, PyObject *word, Row row) {
    PyObject *number = PyDict_GetItemWithError(fields->numbers, word), *column;
    Py_ssize_t k, at;
    if (number == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    at = PyLong_AsSsize_t(number);
    for (k = 0; k < fields->fields; k++) {
        long weight;
        column = PyTuple_GET_ITEM(fields->columns, k);
        if (at < 0 || at >= PyList_GET_SIZE(column)) {
            PyErr_SetString(PyExc_ValueError, "there are fewer weights than words");
            return -1;
        }
        weight = PyLong_AsLong(PyList_GET_ITEM(column, at));
        if (weight < INT16_MIN || weight > INT16_MAX || (weight == -1 && PyErr_Occurred())) {
            PyErr_SetString(PyExc_ValueError, "a weight is out of range");
            return -1;
        }
        row[k] = (int16_t)weight;
    }
    return 0;
}

/* The number of a word's stem, made if there is none; -1 for none, -2 with an error. */
static Py_ssize_t stem_of(Replier *self, PyObject *word) {
    Py_ssize_t length = PyUnicode_GET_LENGTH(word);
    int ignored = PySet_Contains(self->ignored, word);
    PyObject *stem, *number, *kept;
    Py_ssize_t found;
    if (ignored) {
        return ignored < 0 ? -2 : -1;
    }
    stem = PyUnicode_Substring(word, 0, length < self->stem_letters ? length
                                                                      : self->stem_letters);
    if (stem == NULL || (number = PyLong_FromSsize_t(PyDict_GET_SIZE(self->stems))) == NULL) {
        Py_XDECREF(stem);
        return -2;
    }
    kept = PyDict_SetDefault(self->stems, stem, number);
    found = kept == NULL ? -2 : PyLong_AsSsize_t(kept);
    Py_DECREF(stem);
    Py_DECREF(number);
    return found;
}

static int know_term(Replier *self, int32_t id) {
    PyObject *word = reader_word(self->reader, id);
    Known *term = &self->terms[id];
    Info *needs, *does;
    Py_ssize_t stem;
    if (word == NULL || (needs = walker_info(self->message.walker, word)) == NULL ||
        (does = walker_info(self->reply.walker, word)) == NULL ||
        (stem = stem_of(self, word)) == -2 || word_row(&self->message, word, term->message) < 0 ||
        word_row(&self->reply, word, term->reply) < 0) {
        return -1;
    }
    term->needs = needs;
    term->does = does;
    term->stem = stem;
    term->known = 1;
    return 0;
}

/* What the matches of one side's rules are, into the scratch; their number, or -1. */
static Py_ssize_t find(Replier *self, const Fields *fields, const Place *place,
                       Scratch *scratch) {
    const int32_t *ids = scratch->ids.data;
    Py_ssize_t i, count = 0;
    Info **infos;
    if (reserve(&scratch->infos, (size_t)place->count, sizeof(Info *)) < 0) {
        return -1;
    }
    infos = scratch->infos.data;
    for (i = 0; i < place->count; i++) {
        const Known *term = &self->terms[ids[i]];
        if (!term->known && know_term(self, ids[i]) < 0) {
            return -1;
        }
        infos[i] = fields == &self->message ? term->needs : term->does;
        FETCH(infos[i]);
    }
    return walker_find(fields->walker, place, infos, scratch, &count) < 0 ? -1 : count;
}

/* -- characters ----------------------------------------------------------------------- */

enum { FIGURE = 1, MONEY = 2, CAPITALS = 4 };

/* Whether there are figures, signs of money, four capitals in a row, from `at` to `end`. */
static int look_for(PyObject *text, Py_ssize_t at, Py_ssize_t end) {
    int kind = PyUnicode_KIND(text), found = 0, capitals = 0;
    const void *data = PyUnicode_DATA(text);
    for (; at < end; at++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, at);
        if (c - 'A' < 26) {
            found |= ++capitals == 4 ? CAPITALS : 0;
            continue;
        }
        capitals = 0;
        if (c - '0' < 10) {
            found |= FIGURE;
        } else if (c == '$' || c == 0xa3 || c == 0x20ac) { /* pounds and euros */
            found |= MONEY;
        }
    }
    return found;
}

/* -- messages ------------------------------------------------------------------------- */

/* How much of a trouble there is, as a place among `troubles`. */
static int trouble_of(int hardships, int faults, int barred, int other, int asks) {
    hardships = hardships > 3 ? 3 : hardships;
    faults = faults > 2 ? 2 : faults;
    return (((hardships * 3 + faults) * 2 + barred) * 2 + other) * 2 + asks;
}

/* Adds up the signs of a message, and notes the kinds of its questions; 0, or -1. */
static int message_signs(Replier *self, const Place *place, Scratch *scratch, Py_ssize_t matches,
                         Heard *heard, Total signs) {
    const Found *found = scratch->found.data;
    int needs[LANES] = {0}, all = 0, exclaims = 0, seen;
    char *met;
    Py_ssize_t i;
    const Row *features = (const Row *)self->message_features;
    if (reserve(&scratch->counts, (size_t)self->message.rule_count, 1) < 0) {
        return -1;
    }
    met = memset(scratch->counts.data, 0, (size_t)self->message.rule_count);
    heard->kinds = 0;
    for (i = 0; i < matches; i++) {
        const Shown *rule = &self->message.rules[found[i].rule];
        if (met[found[i].rule]) {
            continue;
        }
        met[found[i].rule] = 1;
        add_row(signs, rule->row);
        if (rule->act >= 0) {
            needs[rule->act]++;
            all++;
        }
        if (rule->other >= 0) {
            heard->kinds |= (uint64_t)1 << rule->other;
        }
    }
    heard->questions = 0;
    for (i = 0; i < place->parts; i++) {
        heard->questions += place->sentences[i].mark == 1;
        exclaims |= place->sentences[i].mark == 2;
    }
    if (heard->questions) {
        add_row(signs, features[M_QUESTION]);
        if (heard->questions > 1) {
            add_row(signs, features[M_QUESTIONS]);
        }
        if (heard->questions == place->parts) {
            add_row(signs, features[M_ONLY]);
            heard->kinds |= (uint64_t)1 << self->only;
        }
    }
    if (exclaims) {
        add_row(signs, features[M_EXCLAIMS]);
    }
    seen = look_for(place->text, 0, PyUnicode_GET_LENGTH(place->text));
    if (seen & CAPITALS) {
        add_row(signs, features[M_CAPITALS]);
    }
    if (seen & FIGURE) {
        add_row(signs, features[M_FIGURE]);
    }
    if (seen & MONEY) {
        add_row(signs, features[M_MONEY]);
    }
    if (place->count < 10) {
        add_row(signs, features[M_SHORT]);
    } else if (place->count > 25) {
        add_row(signs, features[M_LONG]);
    }
    if (place->parts > 2) {
        add_row(signs, features[M_SENTENCES]);
    }
    add_row(signs, self->troubles[trouble_of(needs[self->acknowledge], needs[self->own],
                                             needs[self->options] > 0,
                                             needs[self->answer] < all, heard->questions > 0)]);
    return 0;
}

/* Notes the stems of a message's words, and of its questions; 0, or -1 with MemoryError. */
static int note_stems(Replier *self, const Place *place, Scratch *scratch, Heard *heard) {
    const int32_t *ids = scratch->ids.data;
    unsigned char *topic;
    Py_ssize_t part, i;
    heard->stems = PyDict_GET_SIZE(self->stems);
    if (reserve(&scratch->topic, (size_t)heard->stems, 1) < 0) {
        return -1;
    }
    topic = memset(scratch->topic.data, 0, (size_t)heard->stems);
    for (part = 0; part < place->parts; part++) {
        const Part *sentence = &place->sentences[part];
        unsigned char flags = sentence->mark == 1 ? TOPIC | ASKED : TOPIC;
        for (i = sentence->first; i < sentence->last; i++) {
            Py_ssize_t stem = self->terms[ids[i]].stem;
            if (stem >= 0) {
                topic[stem] |= flags;
            }
        }
    }
    return 0;
}

/* Of the matches that show a need, the one that tells most. */
static const Found *most_telling(const Replier *self, const Found *found, Py_ssize_t matches,
                                 int act) {
    const Found *best = NULL;
    Py_ssize_t i;
    for (i = 0; i < matches; i++) {
        const Found *match = &found[i];
        Py_ssize_t longer;
        int more;
        if (self->message.rules[match->rule].act != act) {
            continue;
        }
        if (best == NULL) {
            best = match;
            continue;
        }
        more = self->message.rules[match->rule].row[act] -
               self->message.rules[best->rule].row[act];
        longer = (match->last - match->first) - (best->last - best->first);
        if (more > 0 ||
            (more == 0 && (longer > 0 || (longer == 0 && match->first < best->first)))) {
            best = match;
        }
    }
    return best;
}

/* Sets what stands for an act to a span; 0, or -1 with an error. */
static int set_place(const Replier *self, PyObject *places, Py_ssize_t act, Py_ssize_t start,
                     Py_ssize_t end) {
    PyObject *span = new_span(self->span_type, start, end);
    int done = span == NULL ? -1
                            : PyDict_SetItem(places, PyTuple_GET_ITEM(self->acts, act), span);
    Py_XDECREF(span);
    return done;
}

/* The acts that are needed into `needs`; 0, or -1 with an error. */
static int need_spans(const Replier *self, const Place *place, const Found *found,
                      Py_ssize_t matches, const Total *sums, Heard *heard, PyObject *needs) {
    const Part *sentence;
    Py_ssize_t i;
    int k;
    for (k = 0; k < self->act_count; k++) {
        const Found *best;
        Py_ssize_t start, end;
        heard->needed[k] = heard->values[k] > self->need_over[k];
        if (!heard->needed[k]) {
            continue;
        }
        best = most_telling(self, found, matches, k);
        sentence = place->sentences;
        if (best == NULL) {
            for (i = 1; i < place->parts; i++) {
                if (sums[i][k] > sums[sentence - place->sentences][k]) {
                    sentence = &place->sentences[i];
                }
            }
        } else if (k == self->by_sentence) {
            while (best->first >= sentence->last &&
                   sentence + 1 < place->sentences + place->parts) {
                sentence++;
            }
        }
        start = best == NULL || k == self->by_sentence ? sentence->start : best->start;
        end = best == NULL || k == self->by_sentence ? sentence->end : best->end;
        if (set_place(self, needs, k, start, end) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The places of the questions; NULL with an error. */
static PyObject *questions_of(const Replier *self, const Place *place, Py_ssize_t count) {
    PyObject *made = PyTuple_New(count), *span;
    Py_ssize_t i, at = 0;
    for (i = 0; made != NULL && i < place->parts; i++) {
        const Part *part = &place->sentences[i];
        if (part->mark == 1) {
            if ((span = new_span(self->span_type, part->start, part->end)) == NULL) {
                Py_CLEAR(made);
                break;
            }
            PyTuple_SET_ITEM(made, at++, span);
        }
    }
    return made;
}

/* Reads a message: what it needs into `needs`. Its questions; NULL with an error. */
static PyObject *read_message(Replier *self, const Place *place, Scratch *scratch, Heard *heard,
                              PyObject *needs) {
    const int32_t *ids = scratch->ids.data;
    Py_ssize_t matches = find(self, &self->message, place, scratch), part, i;
    Total signs = {0}, words = {0}, *sums;
    double factor = (double)self->message.most / (double)place->count;
    int k;
    if (matches < 0 || reserve(&scratch->lanes, (size_t)place->parts, sizeof(Total)) < 0 ||
        message_signs(self, place, scratch, matches, heard, signs) < 0 ||
        note_stems(self, place, scratch, heard) < 0) {
        return NULL;
    }
    sums = memset(scratch->lanes.data, 0, (size_t)place->parts * sizeof(Total));
    for (part = 0; part < place->parts; part++) {
        for (i = place->sentences[part].first; i < place->sentences[part].last; i++) {
            add_row(sums[part], self->terms[ids[i]].message);
        }
        for (k = 0; k < LANES; k++) {
            words[k] += sums[part][k];
        }
    }
    values_of(&self->message, words, signs, factor < 1.0 ? factor : 1.0, heard->values);
    if (need_spans(self, place, scratch->found.data, matches, (const Total *)sums, heard,
                   needs) < 0) {
        return NULL;
    }
    return questions_of(self, place, heard->questions);
}

/* -- replies -------------------------------------------------------------------------- */

/* How many stems a sentence shares with the message, and with its questions. */
static void count_shared(const Replier *self, const int32_t *ids, const Part *part,
                         const Heard *heard, unsigned char *topic, Py_ssize_t *shared,
                         Py_ssize_t *asked) {
    Py_ssize_t i;
    *shared = *asked = 0;
    for (i = part->first; i < part->last; i++) {
        Py_ssize_t stem = self->terms[ids[i]].stem;
        if (stem >= 0 && stem < heard->stems && (topic[stem] & (TOPIC | MET)) == TOPIC) {
            ++*shared;
            *asked += (topic[stem] & ASKED) != 0;
            topic[stem] |= MET;
        }
    }
    for (i = part->first; i < part->last; i++) {
        Py_ssize_t stem = self->terms[ids[i]].stem;
        if (stem >= 0 && stem < heard->stems) {
            topic[stem] &= (unsigned char)~MET;
        }
    }
}

/* What the signs of a sentence add up to. */
typedef struct {
    const Replier *replier;
    uint64_t kinds; /* of the message's questions */
    Total total;
} Signs;

/* Adds what a sign weighs beside the questions of the message; 0 is for none. */
static void cross(Signs *signs, int sign) {
    const Replier *self = signs->replier;
    uint64_t kinds = signs->kinds;
    int kind;
    for (kind = 0; kinds; kind++, kinds >>= 1) {
        if (kinds & 1) {
            add_row(signs->total, self->crossed[kind * self->crossings + sign]);
        }
    }
}

static void add_sign(Signs *signs, const Shown *sign) {
    add_row(signs->total, sign->row);
    if (sign->crossed >= 0) {
        cross(signs, sign->crossed);
    }
}

/* What a sentence of a reply is read with. */
typedef struct {
    const Place *place;
    const int32_t *ids;
    const Found *found;
    const Py_ssize_t *order; /* of matches, by sentence */
    const Heard *heard;
    unsigned char *topic;
    char *met; /* rules, all zeros before and after */
    int figures;
} Answer;

/* Adds up the signs of a sentence, which has the matches `from` to `to` in order. */
static void sentence_signs(const Replier *self, const Answer *answer, Py_ssize_t number,
                           Py_ssize_t from, Py_ssize_t to, Signs *signs) {
    const Part *part = &answer->place->sentences[number];
    const Shown *features = self->reply_features;
    Py_ssize_t i, shared, asked, length = part->last - part->first;
    for (i = from; i < to; i++) {
        int32_t rule = answer->found[answer->order[i]].rule;
        if (!answer->met[rule]) {
            answer->met[rule] = 1;
            add_sign(signs, &self->reply.rules[rule]);
        }
    }
    for (i = from; i < to; i++) {
        answer->met[answer->found[answer->order[i]].rule] = 0;
    }
    count_shared(self, answer->ids, part, answer->heard, answer->topic, &shared, &asked);
    if (shared) {
        add_sign(signs, &features[R_OVERLAP]);
    }
    if (shared > 1) {
        add_sign(signs, &features[R_OVERLAP_2]);
    }
    if (shared > 3) {
        add_sign(signs, &features[R_OVERLAP_4]);
    }
    if (asked) {
        add_sign(signs, &features[R_ASKED]);
    }
    if (asked > 1) {
        add_sign(signs, &features[R_ASKED_2]);
    }
    if (answer->figures &&
        look_for(answer->place->text, part->start, part->end) & FIGURE) {
        add_sign(signs, &features[R_FIGURE]);
    }
    if (part->mark) {
        add_sign(signs, &features[part->mark == 1 ? R_QUESTION : R_EXCLAIMS]);
    }
    if (number == 0) {
        add_sign(signs, &features[R_FIRST]);
    }
    if (number == answer->place->parts - 1) {
        add_sign(signs, &features[R_LAST]);
    }
    if (length < 5) {
        add_sign(signs, &features[R_SHORT]);
    } else if (length > 20) {
        add_sign(signs, &features[R_LONG]);
    }
    if (answer->heard->kinds) {
        cross(signs, 0);
    } else {
        add_sign(signs, &features[R_NOTHING_ASKED]);
    }
}

/* The sentence that a match begins in. */
static Py_ssize_t sentence_of(const Place *place, const Found *match) {
    Py_ssize_t low = 0, high = place->parts - 1;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (place->sentences[middle].last <= match->first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Sorts the matches by sentence, into `order`: those of sentence `i` stand from `ends[i - 1]`
 * to `ends[i]`, which is 0 before the first; those with smaller places first. */
static void sort_by_sentence(const Place *place, const Found *found, Py_ssize_t matches,
                             Py_ssize_t *ends, Py_ssize_t *order) {
    Py_ssize_t i, sum = 0;
    memset(ends, 0, (size_t)place->parts * sizeof(*ends));
    for (i = 0; i < matches; i++) {
        ends[sentence_of(place, &found[i])]++;
    }
    for (i = 0; i < place->parts; i++) {
        Py_ssize_t count = ends[i];
        ends[i] = sum;
        sum += count;
    }
    for (i = 0; i < matches; i++) {
        order[ends[sentence_of(place, &found[i])]++] = i;
    }
}

/* The longest phrase, among the matches `from` to `to` of a sentence, that does an act. */
static const Found *phrase_of(const Replier *self, const Answer *answer, Py_ssize_t from,
                              Py_ssize_t to, int act) {
    const Found *best = NULL;
    Py_ssize_t i, longer;
    for (i = from; i < to; i++) {
        const Found *match = &answer->found[answer->order[i]];
        if (self->reply.rules[match->rule].act != act || match->last - match->first < 3) {
            continue;
        }
        longer = best == NULL ? 1 : (match->end - match->start) - (best->end - best->start);
        if (longer > 0 || (longer == 0 && match->first < best->first)) {
            best = match;
        }
    }
    return best;
}

/* Reads a reply: the score of the sentence best for each act, the acts that it does, and what
 * only sounds like one; 0, or -1 with an error. */
static int read_reply(Replier *self, const Place *place, Scratch *scratch, const Heard *heard,
                      double *best, PyObject *does, PyObject *weak) {
    const int32_t *ids = scratch->ids.data;
    Py_ssize_t matches = find(self, &self->reply, place, scratch), part, i, where[LANES] = {0}, *ends;
    int k, done[LANES];
    const Found *found;
    Answer answer;
    if (matches < 0 || reserve(&scratch->places, (size_t)matches, sizeof(Py_ssize_t)) < 0 ||
        reserve(&scratch->forms, (size_t)place->parts, sizeof(Py_ssize_t)) < 0 ||
        reserve(&scratch->counts, (size_t)self->reply.rule_count, 1) < 0) {
        return -1;
    }
    found = scratch->found.data;
    ends = scratch->forms.data;
    sort_by_sentence(place, found, matches, ends, scratch->places.data);
    answer = (Answer){place, ids, found, scratch->places.data, heard, scratch->topic.data,
                      memset(scratch->counts.data, 0, (size_t)self->reply.rule_count), 0};
    answer.figures = look_for(place->text, 0, PyUnicode_GET_LENGTH(place->text)) & FIGURE;
    for (part = 0; part < place->parts; part++) {
        const Part *sentence = &place->sentences[part];
        Py_ssize_t length = sentence->last - sentence->first;
        Signs signs = {self, heard->kinds, {0}};
        Total words = {0};
        double values[LANES];
        sentence_signs(self, &answer, part, part ? ends[part - 1] : 0, ends[part], &signs);
        for (i = sentence->first; i < sentence->last; i++) {
            add_row(words, self->terms[ids[i]].reply);
        }
        values_of(&self->reply, words, signs.total,
                  length > self->reply.most ? (double)self->reply.most / (double)length : 1.0,
                  values);
        for (k = 0; k < self->act_count; k++) {
            if (part == 0 || values[k] > best[k]) {
                best[k] = values[k];
                where[k] = part;
            }
        }
    }
    for (k = 0; k < self->act_count; k++) {
        const Part *sentence = &place->sentences[where[k]];
        const Found *phrase;
        done[k] = best[k] > self->does_over[k];
        if (!done[k]) {
            continue;
        }
        phrase = phrase_of(self, &answer, where[k] ? ends[where[k] - 1] : 0, ends[where[k]], k);
        if (set_place(self, does, k, phrase == NULL ? sentence->start : phrase->start,
                      phrase == NULL ? sentence->end : phrase->end) < 0) {
            return -1;
        }
    }
    for (i = 0; i < matches; i++) {
        k = self->reply.rules[found[i].rule].other;
        if (k >= 0 && !done[k]) {
            done[k] = 1; /* one is enough */
            if (set_place(self, weak, k, found[i].start, found[i].end) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* -- both ----------------------------------------------------------------------------- */

/* The acts that are needed and surely not done; NULL with an error. */
static PyObject *missing_of(const Replier *self, const Heard *heard, const double *best,
                            PyObject *does) {
    Py_ssize_t missing[LANES], count = 0, i;
    PyObject *made;
    int k;
    for (k = 0; k < self->act_count; k++) {
        PyObject *act = PyTuple_GET_ITEM(self->acts, k);
        if (heard->needed[k] &&
            1 / ((1 + exp(-heard->values[k])) * (1 + exp(best[k]))) >= self->missing_over) {
            int done = PyDict_Contains(does, act);
            if (done < 0) {
                return NULL;
            }
            if (!done) {
                missing[count++] = k;
            }
        }
    }
    if ((made = PyTuple_New(count)) != NULL) {
        for (i = 0; i < count; i++) {
            PyTuple_SET_ITEM(made, i, Py_NewRef(PyTuple_GET_ITEM(self->acts, missing[i])));
        }
    }
    return made;
}

/* The places of acts: `Places`, which are dicts. */
static PyObject *new_places(const Replier *self) {
    return PyObject_CallNoArgs((PyObject *)self->places_type);
}

/* A record of what was read; takes over the parts, of which one may be NULL. */
static PyObject *new_reply(const Replier *self, double heat, PyObject *const *parts,
                           PyObject *message) {
    PyObject *value = PyFloat_FromDouble(heat), *made = NULL;
    Py_ssize_t i;
    for (i = 0; i < 5 && parts[i] != NULL; i++) {
    }
    if (value == NULL || i < 5 || (made = new_record(self->reply_type, 7)) == NULL) {
        Py_XDECREF(value);
        for (i = 0; i < 5; i++) {
            Py_XDECREF(parts[i]);
        }
        return NULL;
    }
    PyTuple_SET_ITEM(made, 0, value);
    for (i = 0; i < 5; i++) {
        PyTuple_SET_ITEM(made, i + 1, parts[i]);
    }
    PyTuple_SET_ITEM(made, 6, Py_NewRef(message));
    return made;
}

/* Reads the two into `parts`: needs, does, what is missing, weak, questions; 0, or -1. */
static int read_both(Replier *self, PyObject *message, PyObject *reply, Scratch *scratch,
                     double *heat, PyObject **parts) {
    double best[LANES];
    Place place;
    Heard heard;
    int k;
    if (reader_read(self->reader, message, scratch, &place) < 0) {
        return -1;
    }
    if (!place.parts) { /* nothing is asked, nothing needed */
        parts[2] = PyTuple_New(0);
        parts[4] = PyTuple_New(0);
        return parts[2] == NULL || parts[4] == NULL ? -1 : 0;
    }
    if ((parts[4] = read_message(self, &place, scratch, &heard, parts[0])) == NULL ||
        reader_read(self->reader, reply, scratch, &place) < 0) {
        return -1;
    }
    *heat = heard.values[self->message.fields - 1] / self->highest;
    *heat = *heat < 0.0 ? 0.0 : *heat > 1.0 ? 1.0 : *heat;
    for (k = 0; k < self->act_count; k++) {
        best[k] = NOT_DONE;
    }
    if (place.parts &&
        read_reply(self, &place, scratch, &heard, best, parts[1], parts[3]) < 0) {
        return -1;
    }
    if (!heard.questions && !heard.kinds) { /* nothing was asked */
        PyObject *answer = PyTuple_GET_ITEM(self->acts, self->answer);
        best[self->answer] = NOT_DONE;
        k = PyDict_Contains(parts[1], answer);
        if (k < 0 || (k && PyDict_DelItem(parts[1], answer) < 0)) {
            return -1;
        }
    }
    parts[2] = missing_of(self, &heard, best, parts[1]);
    return parts[2] == NULL ? -1 : 0;
}

static PyObject *replier_read(Replier *self, PyObject *args) {
    PyObject *message, *reply, *parts[5] = {NULL, NULL, NULL, NULL, NULL};
    Scratch *scratch;
    double heat = 0.0;
    int i;
    if (!PyArg_ParseTuple(args, "UU", &message, &reply) || (scratch = take_scratch()) == NULL) {
        return NULL;
    }
    parts[0] = new_places(self);
    parts[1] = new_places(self);
    parts[3] = new_places(self);
    if (parts[0] == NULL || parts[1] == NULL || parts[3] == NULL ||
        read_both(self, message, reply, scratch, &heat, parts) < 0) {
        for (i = 0; i < 5; i++) {
            Py_CLEAR(parts[i]);
        }
        give_scratch(scratch);
        return NULL;
    }
    give_scratch(scratch);
    return new_reply(self, heat, parts, message);
}

/* -- making one ----------------------------------------------------------------------- */

/* The weights in a tuple of whole numbers; 0, or -1 with an error. */
static int take_row(PyObject *numbers, Row row) {
    Py_ssize_t k;
    memset(row, 0, sizeof(Row));
    if (!PyTuple_Check(numbers) || PyTuple_GET_SIZE(numbers) > LANES) {
        PyErr_SetString(PyExc_TypeError, "weights must be tuples of a few numbers");
        return -1;
    }
    for (k = 0; k < PyTuple_GET_SIZE(numbers); k++) {
        long weight = PyLong_AsLong(PyTuple_GET_ITEM(numbers, k));
        if (weight < INT16_MIN || weight > INT16_MAX || (weight == -1 && PyErr_Occurred())) {
            PyErr_SetString(PyExc_ValueError, "a weight is out of range");
            return -1;
        }
        row[k] = (int16_t)weight;
    }
    return 0;
}

static int take_rows(PyObject *rows, Row *into, Py_ssize_t count) {
    Py_ssize_t i;
    if (!PyTuple_Check(rows) || PyTuple_GET_SIZE(rows) != count) {
        PyErr_Format(PyExc_ValueError, "there must be %zd rows of weights", count);
        return -1;
    }
    for (i = 0; i < count; i++) {
        if (take_row(PyTuple_GET_ITEM(rows, i), into[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* What a tuple (act, other, crossed, weights) says of each rule or feature. */
static int take_shown(const Replier *self, PyObject *rules, Shown *into, Py_ssize_t count,
                      Py_ssize_t others) {
    Py_ssize_t i;
    if (!PyTuple_Check(rules) || PyTuple_GET_SIZE(rules) != count) {
        PyErr_Format(PyExc_ValueError, "there must be %zd rules or features", count);
        return -1;
    }
    for (i = 0; i < count; i++) {
        Shown *rule = &into[i];
        PyObject *row;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(rules, i), "iiiO", &rule->act, &rule->other,
                              &rule->crossed, &row) ||
            take_row(row, rule->row) < 0) {
            return -1;
        }
        if (rule->act >= self->act_count || rule->other >= others ||
            rule->crossed >= self->crossings) {
            PyErr_SetString(PyExc_ValueError, "what a rule shows is out of range");
            return -1;
        }
    }
    return 0;
}

static int take_numbers(PyObject *numbers, double *into, Py_ssize_t count) {
    Py_ssize_t i;
    if (!PyTuple_Check(numbers) || PyTuple_GET_SIZE(numbers) != count) {
        PyErr_Format(PyExc_ValueError, "there must be %zd numbers", count);
        return -1;
    }
    for (i = 0; i < count; i++) {
        into[i] = PyFloat_AsDouble(PyTuple_GET_ITEM(numbers, i));
        if (into[i] == -1.0 && PyErr_Occurred()) {
            return -1;
        }
    }
    return 0;
}

/* One side: (numbers, columns, constants, unit, words that count most, rules). */
static int take_fields(const Replier *self, PyObject *side, PyObject *walker, Py_ssize_t least,
                       Py_ssize_t others, Fields *fields) {
    PyObject *constants, *rules;
    Py_ssize_t k;
    if (!PyTuple_Check(side) ||
        !PyArg_ParseTuple(side, "O!O!O!dnO", &PyDict_Type, &fields->numbers, &PyTuple_Type,
                          &fields->columns, &PyTuple_Type, &constants, &fields->unit,
                          &fields->most, &rules)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "the settings of a side must be a tuple");
        }
        return -1;
    }
    fields->walker = (Walker *)walker; /* which the settings hold */
    fields->rule_count = fields->walker->rules;
    fields->fields = PyTuple_GET_SIZE(constants);
    if (fields->fields < least || fields->fields > LANES ||
        PyTuple_GET_SIZE(fields->columns) != fields->fields) {
        PyErr_SetString(PyExc_ValueError, "there must be weights for each act");
        return -1;
    }
    for (k = 0; k < fields->fields; k++) {
        fields->start[k] = PyLong_AsLongLong(PyTuple_GET_ITEM(constants, k));
        if ((fields->start[k] == -1 && PyErr_Occurred())) {
            return -1;
        }
        if (!PyList_Check(PyTuple_GET_ITEM(fields->columns, k))) {
            PyErr_SetString(PyExc_TypeError, "weights of words must stand in lists");
            return -1;
        }
    }
    fields->rules = PyMem_Calloc((size_t)fields->rule_count + 1, sizeof(Shown));
    if (fields->rules == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return take_shown(self, rules, fields->rules, fields->rule_count, others);
}

static PyObject *take(PyObject *settings, const char *name, PyTypeObject *type) {
    PyObject *value = get_item(settings, name);
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_KeyError, "the settings lack %s", name);
        }
    } else if (!PyObject_TypeCheck(value, type)) {
        PyErr_Format(PyExc_TypeError, "the setting %s must be of the type %s", name,
                     type->tp_name);
        value = NULL;
    }
    return value;
}

/* A whole number of the settings from `least` on and below `limit`; -1 with an error. */
static int take_place(PyObject *settings, const char *name, Py_ssize_t least,
                      Py_ssize_t limit) {
    PyObject *value = take(settings, name, &PyLong_Type);
    Py_ssize_t number = value == NULL ? -1 : PyLong_AsSsize_t(value);
    if (number == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (number < least || number >= limit) {
        PyErr_Format(PyExc_ValueError, "the setting %s is out of range", name);
        return -1;
    }
    return (int)number;
}

/* A type of the settings, of tuples with so many fields, or of dicts where that is 0. */
static PyTypeObject *take_type(PyObject *settings, const char *name, Py_ssize_t fields) {
    PyObject *value = take(settings, name, &PyType_Type), *names;
    PyTypeObject *base = fields ? &PyTuple_Type : &PyDict_Type;
    int right;
    if (value == NULL) {
        return NULL;
    }
    right = PyType_IsSubtype((PyTypeObject *)value, base);
    if (right && fields) {
        if ((names = PyObject_GetAttrString(value, "_fields")) == NULL) {
            return NULL;
        }
        right = PyTuple_Check(names) && PyTuple_GET_SIZE(names) == fields;
        Py_DECREF(names);
    }
    if (!right) {
        PyErr_Format(PyExc_TypeError, "the type %s must have %zd fields", name, fields);
        return NULL;
    }
    return (PyTypeObject *)value;
}

static int fill(Replier *self, const State *state, PyObject *settings) {
    PyObject *needs, *does, *value, *crossed;
    Py_ssize_t i;
    self->settings = Py_NewRef(settings);
    if ((value = take(settings, "reader", state->reader_type)) == NULL) {
        return -1;
    }
    self->reader = (Reader *)value;
    self->term_memory = PyMem_Calloc((size_t)self->reader->word_count + 2, sizeof(Known));
    if (self->term_memory == NULL || (self->stems = PyDict_New()) == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->terms = (Known *)((char *)self->term_memory + sizeof(Known) -
                           (uintptr_t)self->term_memory % sizeof(Known));
    if ((self->acts = take(settings, "acts", &PyTuple_Type)) == NULL ||
        (self->ignored = take(settings, "ignored", &PyFrozenSet_Type)) == NULL ||
        (self->reply_type = take_type(settings, "ReplyAnalysis", 7)) == NULL ||
        (self->span_type = take_type(settings, "Span", 2)) == NULL ||
        (self->places_type = take_type(settings, "Places", 0)) == NULL ||
        (crossed = take(settings, "crossed", &PyTuple_Type)) == NULL ||
        (self->stem_letters = take_place(settings, "stem", 1, 1 << 10)) < 0 ||
        (self->crossings = take_place(settings, "crossings", 1, 1 << 10)) < 0 ||
        (self->kinds = take_place(settings, "kinds", 1, MOST_KINDS)) < 0 ||
        (self->only = take_place(settings, "only", 0, self->kinds)) < 0) {
        return -1;
    }
    self->act_count = PyTuple_GET_SIZE(self->acts);
    if (self->act_count >= LANES) {
        PyErr_SetString(PyExc_ValueError, "there are too many acts");
        return -1;
    }
    self->crossed = PyMem_Calloc((size_t)(self->kinds * self->crossings), sizeof(Row));
    if (self->crossed == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if ((self->by_sentence = take_place(settings, "by_sentence", 0, self->act_count)) < 0 ||
        (self->acknowledge = take_place(settings, "acknowledge", 0, self->act_count)) < 0 ||
        (self->own = take_place(settings, "own", 0, self->act_count)) < 0 ||
        (self->answer = take_place(settings, "answer", 0, self->act_count)) < 0 ||
        (self->options = take_place(settings, "options", 0, self->act_count)) < 0 ||
        take_rows(crossed, self->crossed, self->kinds * self->crossings) < 0 ||
        (needs = take(settings, "needs", state->walker_type)) == NULL ||
        (does = take(settings, "does", state->walker_type)) == NULL ||
        (value = take(settings, "message", &PyTuple_Type)) == NULL ||
        take_fields(self, value, needs, self->act_count + 1, self->kinds, &self->message) < 0 ||
        (value = take(settings, "reply", &PyTuple_Type)) == NULL ||
        take_fields(self, value, does, self->act_count, self->act_count, &self->reply) < 0 ||
        (value = take(settings, "message_features", &PyTuple_Type)) == NULL ||
        take_rows(value, self->message_features, MESSAGE_FEATURES) < 0 ||
        (value = take(settings, "troubles", &PyTuple_Type)) == NULL ||
        take_rows(value, self->troubles, TROUBLES) < 0 ||
        (value = take(settings, "reply_features", &PyTuple_Type)) == NULL ||
        take_shown(self, value, self->reply_features, REPLY_FEATURES, 0) < 0 ||
        (value = take(settings, "need_over", &PyTuple_Type)) == NULL ||
        take_numbers(value, self->need_over, self->act_count) < 0 ||
        (value = take(settings, "does_over", &PyTuple_Type)) == NULL ||
        take_numbers(value, self->does_over, self->act_count) < 0 ||
        (value = take(settings, "limits", &PyTuple_Type)) == NULL) {
        return -1;
    }
    for (i = 0; i < self->message.rule_count; i++) {
        self->message.rules[i].crossed = -1;
    }
    return PyArg_ParseTuple(value, "dd", &self->missing_over, &self->highest) ? 0 : -1;
}

static PyObject *replier_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    State *state = PyType_GetModuleState(type);
    PyObject *settings;
    Replier *self;
    if (state == NULL) {
        return NULL;
    }
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs)) ||
        !PyArg_ParseTuple(args, "O!", &PyDict_Type, &settings)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "Replier takes no keyword arguments");
        }
        return NULL;
    }
    self = (Replier *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    if ((settings = PyDict_Copy(settings)) == NULL || fill(self, state, settings) < 0) {
        Py_XDECREF(settings);
        Py_DECREF(self);
        return NULL;
    }
    Py_DECREF(settings);
    return (PyObject *)self;
}

static void replier_dealloc(Replier *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->term_memory);
    PyMem_Free(self->crossed);
    PyMem_Free(self->message.rules);
    PyMem_Free(self->reply.rules);
    Py_XDECREF(self->stems);
    Py_XDECREF(self->settings);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef replier_methods[] = {
    {"read", (PyCFunction)replier_read, METH_VARARGS, "What a reply does about a message."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot replier_slots[] = {
    {Py_tp_new, replier_new},
    {Py_tp_dealloc, replier_dealloc},
    {Py_tp_methods, replier_methods},
    {Py_tp_doc, "Reads replies against the messages that they answer."},
    {0, NULL},
};

PyType_Spec replier_spec = {
    .name = "calmtone._speedups.Replier",
    .basicsize = sizeof(Replier),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = replier_slots,
};
