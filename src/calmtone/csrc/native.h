/* What the parts of the extension share.
 *
 * Everything here does what the Python modules text, rules.walking, scoring and hints do,
 * with the same results; those are the reference, and say why. All of it runs under the
 * GIL. Calls into Python may let another thread in, so that what a text needs while it is
 * read lives in a `Scratch` of its own, and what is remembered for the next text is only
 * added to, at addresses that stay.
 */
#ifndef CALMTONE_NATIVE_H
#define CALMTONE_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#define DIMENSIONS 3
#define WEIGHTS 7 /* of a term: by dimension, these by register, and of the register */
#define LANES 8   /* `WEIGHTS` and as many as make them a power of two */
#define STEPS 32  /* a register is a whole number of them from -1 to 1 */
#define MARKS 3 /* . ? ! in this order */

/* -- memory that grows ---------------------------------------------------------------- */

typedef struct {
    void *data; /* of PyMem_RawRealloc: texts of all interpreters share the memory */
    size_t size; /* bytes */
} Buffer;

int grow(Buffer *buffer, size_t count, size_t each);

/* Room for `count` items of `each` bytes; 0, or -1 with MemoryError. What is in it stays. */
static inline int reserve(Buffer *buffer, size_t count, size_t each) {
    return count <= buffer->size / each ? 0 : grow(buffer, count, each);
}

#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)0)
#endif

/* What a dict holds by a name, borrowed; NULL if there is none, or with an error. */
PyObject *get_item(PyObject *dict, const char *name);

/* -- numbers to numbers --------------------------------------------------------------- */

typedef struct {
    int32_t key, value;
} Slot;

typedef struct {
    Slot *slots;
    int32_t count; /* of slots: a power of two, or few that are looked through in a row */
    uint32_t shift;
} Map;

#define LARGEST_ROW 4

/* How many slots a map of so many keys takes. */
static inline size_t map_room(size_t keys) {
    size_t room = 8;
    if (keys <= LARGEST_ROW) {
        return keys;
    }
    while (room < keys + keys / 2) room *= 2;
    return room;
}

/* Fills a map from different keys, all at least 0, into slots that there is room for. */
static inline void map_fill(Map *map, Slot *slots, const Slot *from, size_t keys) {
    size_t i, room = map_room(keys);
    map->slots = slots;
    map->count = (int32_t)room;
    map->shift = 32;
    if (keys <= LARGEST_ROW) {
        for (i = 0; i < keys; i++) slots[i] = from[i];
        return;
    }
    while ((size_t)1 << (32 - map->shift) < room) map->shift--;
    for (i = 0; i < room; i++) slots[i].key = -1;
    for (i = 0; i < keys; i++) {
        uint32_t at = (uint32_t)from[i].key * 2654435761u >> map->shift;
        while (slots[at].key >= 0) at = (at + 1) & (uint32_t)(room - 1);
        slots[at] = from[i];
    }
}

/* Where a key's value is, or NULL. */
static inline const int32_t *map_get(const Map *map, int32_t key) {
    uint32_t at;
    if (map->count <= LARGEST_ROW) {
        int32_t i;
        for (i = 0; i < map->count; i++) {
            if (map->slots[i].key == key) {
                return &map->slots[i].value;
            }
        }
        return NULL;
    }
    at = (uint32_t)key * 2654435761u >> map->shift;
    while (map->slots[at].key != key) {
        if (map->slots[at].key < 0) {
            return NULL;
        }
        at = (at + 1) & (uint32_t)(map->count - 1);
    }
    return &map->slots[at].value;
}

/* Fetches what `map_get` will look at first. */
static inline void map_fetch(const Map *map, int32_t key) {
    FETCH(map->slots + (map->shift < 32 ? (uint32_t)key * 2654435761u >> map->shift : 0));
}

/* -- a text, read --------------------------------------------------------------------- */

typedef struct {
    Py_ssize_t first, last, start, end;
    int mark; /* 0 to 2, see MARKS */
} Part;       /* a sentence */

typedef struct {
    PyObject *text;   /* borrowed */
    Py_ssize_t count; /* words, marks among them */
    Py_ssize_t parts;
    const Py_ssize_t *starts, *ends;
    const Part *sentences;
} Place; /* a document without its words */

typedef struct {
    int32_t rule;
    int32_t degree;
    Py_ssize_t first, last, start, end;
    Py_ssize_t order; /* among matches of one place, the one found first is first */
} Found;

typedef struct {
    Buffer norm, bytes, bits, tokens, ids, starts, ends, parts; /* reading */
    Buffer infos, hits, leads, waiting, found;                  /* matching */
    Buffer neutral, scored, pairs, lanes, weights, sums, places, counts, forms, evidence, hints;
    Buffer topic; /* of a message, for its reply */
} Scratch;

/* A scratch, or NULL with MemoryError; goes back with `give_scratch`. */
Scratch *take_scratch(void);
void give_scratch(Scratch *scratch);

/* -- Reader: text to words ------------------------------------------------------------ */

#define MOST_SHORT 64 /* at most so many different words make a text that is not short */
enum { UNKNOWN_ID, MASK_ID, FIRST_MARK_ID, FIRST_WORD_ID = FIRST_MARK_ID + MARKS };

typedef struct Entry Entry;

#define HASHED ((uint64_t)1 << 63)

typedef struct {
    uint64_t key;  /* see `key_of` */
    int32_t entry; /* or -1 */
    int32_t reads; /* the id of what is read for the word, or -1 */
} WordSlot;        /* of a hash table with open addresses */

typedef struct {
    PyObject_HEAD
    Entry *entries;
    Py_ssize_t entry_count, entry_room;
    Py_UCS4 *letters; /* of all entries */
    Py_ssize_t letter_count, letter_room;
    WordSlot *slots;
    uint32_t slot_mask;
    PyObject **words;     /* by id; NULL: not asked for yet, see `reader_word` */
    int32_t *own_entries; /* by id */
    Py_ssize_t word_count, word_room;
    PyObject *fold, *foreign, *normal, *document_type, *sentence_type;
    struct {
        Py_UCS4 code, folded;
        int foreign;
    } folded[256];
} Reader;

extern PyType_Spec reader_spec;

/* Reads a text into the scratch: ids of words, places, sentences. 0, or -1 with an error. */
int reader_read(Reader *self, PyObject *text, Scratch *scratch, Place *place);

/* The word of an id, borrowed; NULL with an error. */
PyObject *reader_word(Reader *self, int32_t id);

/* The id of a word as the rules spell it, or -1. */
int32_t reader_id(Reader *self, PyObject *word);

/* -- Walker: words to matches --------------------------------------------------------- */

typedef struct Node Node;
typedef struct Start Start;

enum { NEGATOR = 1, BREAKER = 2, INTENSIFIER = 4, HEDGE = 8, MASKED = 16 };

typedef struct {
    Start *start, *initial; /* NULL: not looked up yet */
    uint64_t *begins;       /* bits of lists, or NULL */
    uint64_t second_bits;   /* of the words that lead on from `start`, see `bit_of` */
    uint64_t second_lists;  /* of the lists that do */
    uint64_t list_bits;     /* of `begins` */
    uint64_t bit;           /* its own, see `bit_of` */
    int32_t id;
    int8_t flags, mark; /* 0 to 2, or -1 */
    int8_t ready;       /* whether it is filled in */
    int8_t open;        /* whether words of any kind lead on from `start` */
    /* What is needed less often: */
    uint64_t *single, *longer;
    PyObject *word; /* the walker's own */
    int entry;      /* whether it begins a longer entry of a list: at `entry_at` */
    int entry_at;
} Info; /* what a walker knows about a word */

typedef struct {
    PyObject_HEAD
    PyObject *records, *bits, *classes, *longer;
    PyObject *negators, *breakers, *intensifiers, *hedges, *not_negating;
    PyObject *ids; /* word to its place in `infos` */
    PyObject *match_type;
    Info **infos;
    Py_ssize_t info_count, info_room;
    Node **nodes;
    Py_ssize_t node_room;
    char *arena, *arena_next; /* see `arena_new` */
    size_t arena_left;
    Py_ssize_t mask_words; /* of 64 bits each */
    PyObject *root, *initial, *multi; /* their records */
    Node *root_lists, *initial_lists; /* what lists lead on from them */
    unsigned char *skips;
    Py_ssize_t rules;
    int shouting, exclamations, question_marks; /* rules, or -1 */
} Walker;

extern PyType_Spec walker_spec;

/* What the walker knows about a word; NULL with an error. */
Info *walker_info(Walker *self, PyObject *word);

/* Adds the matches in a document to `scratch->found`, from `*count` on; 0, or -1. */
int walker_find(Walker *self, const Place *place, Info **words, Scratch *scratch,
                Py_ssize_t *count);

/* -- Engine: all of it ---------------------------------------------------------------- */

typedef struct {
    int dimension, form, neutral, replaced, missing, has_hint;
    double weights[3]; /* by degree: 0, 1, -1 */
    double strength;
    PyObject *id, *practice, *hint, *replace;
} Rule;

typedef int16_t Pair[LANES]; /* the weights of a word after another */

/* What is known of a word of the reader: a line of memory. */
typedef struct {
    int32_t own[LANES];  /* what it weighs by itself; lanes behind the weights hold zeros */
    const Slot *after;   /* words after it, see `make_after`; NULL: not looked up yet */
    const Pair *pairs;   /* and what they weigh more than by themselves */
    Info *info;          /* what the first walker knows about it; NULL: not looked up yet */
    int32_t known, shift; /* `known`: whether `own` is filled in; `shift`: of `after` */
} Term;

typedef struct {
    PyObject_HEAD
    Reader *reader;
    Walker **walkers;
    Info ***infos; /* of all but the first: by walker and word id, as in `Term` */
    Py_ssize_t walker_count, rule_count, form_count, missing_count;
    Py_ssize_t term_room;
    Rule *rules;
    Term *terms; /* by word id, at lines of `term_memory` */
    void *term_memory;
    double (*forms)[DIMENSIONS];
    double base[DIMENSIONS], shift[DIMENSIONS], margin[DIMENSIONS], least[DIMENSIONS];
    double steeper[DIMENSIONS], lift[DIMENSIONS]; /* of the shortest texts */
    double register_base, register_scale, scale, repeat, least_score, clear, unknown_share;
    double enough, sharpness, more[DIMENSIONS], alone[DIMENSIONS];
    Py_ssize_t short_words, least_size, most_size, most, most_telling, least_words;
    PyObject *settings; /* owns what is borrowed below */
    PyObject *numbers, *firsts, *start_word;
    Py_buffer columns[WEIGHTS]; /* the weights of all terms by number, as int16_t */
    Py_ssize_t column_count;
    PyObject *dimensions, *lexicon_ids, *context_ids, *lexicon_hints, *missing;
    PyObject *engine, *base_scores, *note, *pause, *foreign, *place, *lacks, *trim, *trimmed;
    PyTypeObject *analysis_type, *scores_type, *span_type, *evidence_type, *hint_type,
        *sentence_type;
} Engine;

extern PyType_Spec engine_spec;

/* -- Replier: a message and its reply ------------------------------------------------- */

extern PyType_Spec replier_spec;

typedef struct {
    PyTypeObject *reader_type, *walker_type;
} State; /* of the module: every interpreter has its own types */

typedef struct {
    int64_t words[DIMENSIONS];
    double rules[DIMENSIONS], log_odds[DIMENSIONS];
    double borne[DIMENSIONS]; /* what matches add, without their forms */
} Sums; /* of a sentence */

typedef struct {
    Place place;
    const int32_t *ids;  /* of words, as read */
    const Found *found;  /* in the order of the text, neutral ones left out */
    Py_ssize_t matches;
    const Py_ssize_t *match_places;
    const double *match_weights;
    const int32_t (*weights)[DIMENSIONS]; /* of words, in the text's register; or NULL */
    const Sums *sums;
    double log_odds[DIMENSIONS], whole[DIMENSIONS];
    double steep[DIMENSIONS]; /* what matches weigh times in so short a text */
    Py_ssize_t governing[DIMENSIONS];
} Verdict;

typedef struct {
    PyObject *rule; /* borrowed */
    int dimension, lexicon;
    Py_ssize_t start, end, order;
    double weight;
} Evidence;

double probability(double log_odds);
double word_factor(const Engine *self, Py_ssize_t words);

/* The log-odds that its sentences give a text, and the most telling one. Sentence `changed`,
 * -1 for none, is read with `gone` less of log-odds, `alone` of which are of matches. */
double pool(const Engine *self, const Place *place, const Sums *sums, int k, Py_ssize_t changed,
            double gone, double alone, Py_ssize_t *telling);

/* Fills in the log-odds; what the scratch holds must be what `verdict->place` was read to.
 * The weights of words are left out unless there is to be evidence. */
int engine_weigh(Engine *self, Scratch *scratch, Verdict *verdict, int evidence);

/* Frees what `engine_weigh` has made to remember. */
void engine_forget(Engine *self);

/* The evidence into the scratch; its number, or -1 with MemoryError. */
Py_ssize_t engine_evidence(Engine *self, Scratch *scratch, const Verdict *verdict);

/* A tuple of hints; NULL with an error. */
PyObject *engine_hints(Engine *self, Scratch *scratch, const Verdict *verdict,
                       const double *scores, const Evidence *evidence, Py_ssize_t items,
                       int alone);

/* A record with room for `size` values, which `PyTuple_SET_ITEM` fills in. */
static inline PyObject *new_record(PyTypeObject *type, Py_ssize_t size) {
    PyObject *made = type->tp_alloc(type, size);
#if PY_VERSION_HEX >= 0x030E0000
    if (made != NULL) {
        ((PyTupleObject *)made)->ob_hash = -1; /* not known yet; 0 would be taken for it */
    }
#endif
    return made;
}

/* Takes a record of which nothing can be in a cycle from what the collector looks through, as
 * it does itself with plain tuples: a long text has ten thousands. */
static inline PyObject *untracked(PyObject *record) {
    PyObject_GC_UnTrack(record);
    return record;
}

PyObject *new_span(PyTypeObject *type, Py_ssize_t start, Py_ssize_t end);

#endif
