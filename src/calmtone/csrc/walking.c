/* Words to matches: `calmtone.rules.walking`. */
#include "native.h"

#include <stdlib.h>
#include <string.h>

#define GAP_WORDS 5
#define NEGATION_WORDS 3
#define LONGEST 100
#define MOST_LEADS 256 /* words whose ways are gone together */
#define AHEAD 4        /* steps that memory is asked for in advance */

#define LINE 64 /* bytes that come from memory together */

/* What marks and gaps lead to from a place in the automaton. */
typedef struct {
    int32_t gap;         /* the node behind a gap, if there is one */
    int32_t ends[MARKS]; /* where marks lead, if they do */
    unsigned char has_gap, has_ends[MARKS], has_end;
} Far;

/* A place in the automaton: a line of memory, and what it points to follows. */
struct Node {
    uint64_t word_bits, list_bits; /* see `bit_of` */
    Map words;                     /* ids to where they lead */
    const uint64_t *mask;          /* a bit for each of the lists, or NULL */
    const Slot *lists;             /* numbers in order, and where they lead */
    const Far *far;                /* or NULL */
    int32_t code_count, list_count;
};

/* The codes of what is found at a node. */
static inline const int32_t *codes_of(const Node *node) {
    return (const int32_t *)(node->lists + node->list_count);
}

/* A node that a first word leads to. */
typedef struct {
    uint64_t list_bits; /* the node's */
    Node *node;
} Reached;

/* Where a first word leads. */
struct Start {
    Map words;          /* ids of the words that lead on, see `targets` */
    uint64_t list_bits; /* of all nodes */
    /* The targets of words: twice the target of a word that has one; else twice the number of
     * its last one here, plus one. Here are the number of the one before, or -1; and it. */
    Slot *targets;
    int32_t *codes; /* found at once */
    Reached *nodes; /* those that lists or marks or gaps lead on from, these two first */
    int32_t code_count, node_count;
    int32_t far; /* from how many of the nodes a mark or a gap leads on */
};

static Start nowhere;

typedef struct {
    int32_t code;
    Py_ssize_t first, last;
} Hit;

/* A place in the automaton that words lead to, still to be gone on from. */
typedef struct {
    int32_t target;
    Py_ssize_t at;          /* the word to go on with */
    Py_ssize_t first, part; /* the word that it began with, and its sentence */
} Step;

/* A word to begin with. */
typedef struct {
    Start *start;
    Py_ssize_t first, part;
} Lead;

/* What a walk needs at hand. */
typedef struct {
    Walker *walker;
    const Place *place;
    Info **words;
    Scratch *scratch;
    Py_ssize_t hits, waiting, leads;
    Py_ssize_t first, part; /* the word it began at, and its sentence */
} Walk;

static int mark_number(PyObject *word) {
    if (PyUnicode_GET_LENGTH(word) == 1) {
        switch (PyUnicode_READ_CHAR(word, 0)) {
        case '.': return 0;
        case '?': return 1;
        case '!': return 2;
        }
    }
    return -1;
}

static inline int meets(const uint64_t *a, const uint64_t *b, Py_ssize_t count) {
    uint64_t common = 0;
    Py_ssize_t i;
    for (i = 0; i < count; i++) {
        common |= a[i] & b[i];
    }
    return common != 0;
}

/* A bit for a word, or for the lists in a mask: what shares none is not the same. */
static inline uint64_t bit_of(int32_t id) {
    return (uint64_t)1 << ((uint32_t)id * 2654435761u >> 26);
}

static uint64_t list_bits(const uint64_t *mask, Py_ssize_t count) {
    uint64_t bits = 0;
    Py_ssize_t i;
    for (i = 0; i < count * 64; i++) {
        if (mask[i / 64] >> (i % 64) & 1) {
            bits |= bit_of((int32_t)i);
        }
    }
    return bits;
}

/* -- memory that stays as long as the walker ------------------------------------------ */

#define CHUNK (64 * 1024) /* bytes */

/* Zeros that begin a line; NULL with MemoryError. What is met together stands together. */
static void *arena_new(Walker *self, size_t size) {
    char *made;
    size = (size + LINE - 1) / LINE * LINE;
    if (size > self->arena_left) {
        size_t room = size > CHUNK ? size : CHUNK;
        char *chunk = PyMem_RawCalloc(1, room + 2 * LINE);
        if (chunk == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        *(void **)chunk = self->arena;
        self->arena = chunk;
        self->arena_next = chunk + 2 * LINE - (uintptr_t)chunk % LINE;
        self->arena_left = room;
    }
    made = self->arena_next;
    self->arena_next += size;
    self->arena_left -= size;
    return made;
}

static void arena_free(Walker *self) {
    while (self->arena != NULL) {
        void *before = *(void **)self->arena;
        PyMem_RawFree(self->arena);
        self->arena = before;
    }
}

/* -- words ---------------------------------------------------------------------------- */

/* The place of a word among those that the walker has met; -1 with an error. */
static int32_t word_id(Walker *self, PyObject *word) {
    PyObject *known = PyDict_GetItemWithError(self->ids, word);
    Info *info;
    if (known != NULL) {
        return (int32_t)PyLong_AsLong(known);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    if (self->info_count == self->info_room) {
        Py_ssize_t room = 2 * self->info_room + 64;
        Info **infos = PyMem_Realloc(self->infos, (size_t)room * sizeof(Info *));
        if (infos == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        self->infos = infos;
        self->info_room = room;
    }
    if ((known = PyLong_FromSsize_t(self->info_count)) == NULL) {
        return -1;
    }
    if ((info = arena_new(self, sizeof(Info))) == NULL) {
        Py_DECREF(known);
        return -1;
    }
    info->word = Py_NewRef(word);
    info->id = (int32_t)self->info_count;
    if (PyDict_SetItem(self->ids, word, known) < 0) {
        Py_DECREF(known);
        Py_DECREF(info->word);
        return -1;
    }
    Py_DECREF(known);
    self->infos[self->info_count++] = info;
    return info->id;
}

/* Adds the numbers in a string such as "3 17" to bits; the bits, or NULL. */
static int add_bits(const Walker *self, PyObject *table, PyObject *word, uint64_t **bits) {
    PyObject *numbers = PyObject_GetItem(table, word);
    Py_ssize_t i, length;
    long number = -1;
    if (numbers == NULL) {
        return -1;
    }
    if (!PyUnicode_Check(numbers)) {
        PyErr_SetString(PyExc_ValueError, "numbers of lists must stand in a string");
        goto failed;
    }
    length = PyUnicode_GET_LENGTH(numbers);
    if (*bits == NULL && length) {
        *bits = PyMem_Calloc((size_t)self->mask_words, sizeof(uint64_t));
        if (*bits == NULL) {
            PyErr_NoMemory();
            goto failed;
        }
    }
    for (i = 0; i <= length; i++) {
        Py_UCS4 c = i < length ? PyUnicode_READ_CHAR(numbers, i) : ' ';
        if (c >= '0' && c <= '9') {
            number = (number < 0 ? 0 : number) * 10 + (long)(c - '0');
        } else if (number >= 0) {
            if (number >= self->mask_words * 64) {
                PyErr_SetString(PyExc_ValueError, "a list has no such number");
                goto failed;
            }
            (*bits)[number / 64] |= (uint64_t)1 << (number % 64);
            number = -1;
        }
        if (number > 1 << 24) {
            number = 1 << 24;
        }
    }
    Py_DECREF(numbers);
    return 0;
failed:
    Py_DECREF(numbers);
    return -1;
}

static int set_flag(PyObject *words, PyObject *word, int flag, int *flags) {
    int found = PySet_Contains(words, word);
    if (found > 0) {
        *flags |= flag;
    }
    return found < 0 ? -1 : 0;
}

/* Fills in what is known about a word. */
static int fill_info(Walker *self, Info *info) {
    PyObject *word = info->word, *entry;
    int flags = 0;
    Py_ssize_t i;
    info->mark = (int8_t)mark_number(word);
    if (set_flag(self->negators, word, NEGATOR, &flags) < 0 ||
        set_flag(self->breakers, word, BREAKER, &flags) < 0 ||
        set_flag(self->intensifiers, word, INTENSIFIER, &flags) < 0 ||
        set_flag(self->hedges, word, HEDGE, &flags) < 0) {
        return -1;
    }
    if (PyUnicode_GET_LENGTH(word) == 1 && PyUnicode_READ_CHAR(word, 0) == '|') {
        flags |= MASKED;
    }
    info->flags = (int8_t)flags;
    info->bit = bit_of(info->id);
    if (add_bits(self, self->classes, word, &info->single) < 0 ||
        add_bits(self, self->longer, word, &info->longer) < 0) {
        return -1;
    }
    if (info->begins == NULL && (info->single != NULL || info->longer != NULL)) {
        info->begins = PyMem_Calloc((size_t)self->mask_words, sizeof(uint64_t));
        if (info->begins == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        for (i = 0; i < self->mask_words; i++) {
            info->begins[i] = (info->single ? info->single[i] : 0) |
                              (info->longer ? info->longer[i] : 0);
        }
        info->list_bits = list_bits(info->begins, self->mask_words);
    }
    entry = PyDict_GetItemWithError(self->multi, word);
    if (entry != NULL && PyLong_Check(entry)) {
        info->entry_at = (int)PyLong_AsLong(entry);
        info->entry = 1;
    } else if (PyErr_Occurred()) {
        return -1;
    }
    info->ready = 1;
    return 0;
}

Info *walker_info(Walker *self, PyObject *word) {
    Info *info;
    int32_t id = word_id(self, word);
    if (id < 0) {
        return NULL;
    }
    info = self->infos[id];
    return !info->ready && fill_info(self, info) < 0 ? NULL : info;
}

/* -- nodes ---------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b) {
    const Slot *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static int as_int(PyObject *value, int32_t *number) {
    long got = PyLong_AsLong(value);
    if (got == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (got > INT32_MAX / 2 || got < INT32_MIN / 2) { /* a start holds twice the number */
        PyErr_SetString(PyExc_ValueError, "a number of the compiled rules is too large");
        return -1;
    }
    *number = (int32_t)got;
    return 0;
}

/* A node of a record; with `lists_only` without its words. NULL with an error. */
static Node *make_node(Walker *self, PyObject *record, int lists_only) {
    PyObject *key, *value, *codes = NULL, *bit;
    Py_ssize_t at, i, words = 0, lists = 0, code_count = 0, size;
    Slot *edges = NULL, *word_edges, *list_edges;
    Node *node = NULL;
    Far far;
    uint64_t *mask;
    int32_t *found;
    size_t room;
    char *block;
    if (!PyDict_Check(record)) {
        PyErr_SetString(PyExc_ValueError, "a node of the compiled rules must be a dict");
        return NULL;
    }
    memset(&far, 0, sizeof(far));
    size = PyDict_GET_SIZE(record);
    edges = PyMem_New(Slot, 2 * size + 1);
    if (edges == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    word_edges = edges;
    list_edges = edges + size;
    for (at = 0; PyDict_Next(record, &at, &key, &value);) {
        Py_UCS4 c;
        int32_t number;
        if (!PyUnicode_Check(key) || PyUnicode_GET_LENGTH(key) == 0) {
            PyErr_SetString(PyExc_ValueError, "a symbol of the compiled rules is no text");
            goto failed;
        }
        c = PyUnicode_READ_CHAR(key, 0);
        if (c == ' ') {
            if (PyUnicode_GET_LENGTH(key) == 1 && PyList_Check(value)) {
                codes = value;
                code_count = PyList_GET_SIZE(value);
            }
        } else if (c == '.' || c == '?' || c == '!') {
            int mark = mark_number(key);
            if (mark >= 0) {
                if (as_int(value, &far.ends[mark]) < 0) {
                    goto failed;
                }
                far.has_ends[mark] = far.has_end = 1;
            } else if (PyUnicode_CompareWithASCIIString(key, "...") == 0) {
                if (as_int(value, &far.gap) < 0) {
                    goto failed;
                }
                far.has_gap = 1;
            }
        } else if (c == '{') {
            bit = PyDict_GetItemWithError(self->bits, key);
            if (bit == NULL) {
                if (PyErr_Occurred()) {
                    goto failed;
                }
                continue;
            }
            if (as_int(bit, &number) < 0 || as_int(value, &list_edges[lists].value) < 0) {
                goto failed;
            }
            if (number < 0 || number >= self->mask_words * 64) {
                PyErr_SetString(PyExc_ValueError, "a list has no such number");
                goto failed;
            }
            list_edges[lists++].key = number;
        } else if (!lists_only) {
            if (as_int(value, &word_edges[words].value) < 0 ||
                (number = word_id(self, key)) < 0) {
                goto failed;
            }
            word_edges[words++].key = number;
        }
    }
    qsort(list_edges, (size_t)lists, sizeof(Slot), by_key);
    room = map_room((size_t)words);
    block = arena_new(self, sizeof(Node) + (lists ? (size_t)self->mask_words * 8 : 0) +
                                (room + (size_t)lists) * sizeof(Slot) +
                                (size_t)code_count * sizeof(int32_t) + sizeof(Far));
    if (block == NULL) {
        goto failed;
    }
    node = (Node *)block;
    block += sizeof(Node);
    map_fill(&node->words, (Slot *)block, word_edges, (size_t)words);
    for (i = 0; i < words; i++) {
        node->word_bits |= bit_of(word_edges[i].key);
    }
    block += room * sizeof(Slot);
    if (lists) {
        node->mask = mask = (uint64_t *)block;
        block += self->mask_words * 8;
        for (i = 0; i < lists; i++) {
            int32_t number = list_edges[i].key;
            mask[number / 64] |= (uint64_t)1 << (number % 64);
            node->list_bits |= bit_of(number);
        }
    }
    node->lists = memcpy(block, list_edges, (size_t)lists * sizeof(Slot));
    node->list_count = (int32_t)lists;
    node->code_count = (int32_t)code_count;
    found = (int32_t *)(block + (size_t)lists * sizeof(Slot));
    for (i = 0; i < code_count; i++) {
        if (as_int(PyList_GET_ITEM(codes, i), &found[i]) < 0) {
            node = NULL;
            goto failed;
        }
    }
    if (far.has_gap || far.has_end) {
        node->far = memcpy(found + code_count, &far, sizeof(far));
    }
failed:
    PyMem_Free(edges);
    return node;
}

/* The record at an index, as a new reference. */
static PyObject *record_at(Walker *self, int32_t index) {
    PyObject *number, *record;
    if (index < 0) { /* no phrase at all */
        return PyDict_New();
    }
    if ((number = PyLong_FromLong(index)) == NULL) {
        return NULL;
    }
    record = PyObject_GetItem(self->records, number);
    Py_DECREF(number);
    return record;
}

static Node empty;

/* Reads the node at an index. */
static Node *read_node(Walker *self, int32_t index) {
    PyObject *record;
    Node *node;
    if (index < 0) {
        return &empty;
    }
    if ((record = record_at(self, index)) == NULL) {
        return NULL;
    }
    node = make_node(self, record, 0);
    Py_DECREF(record);
    if (node == NULL) {
        return NULL;
    }
    if (index >= self->node_room) {
        Py_ssize_t room = self->node_room + self->node_room / 2 + index + 64;
        Node **nodes = PyMem_Realloc(self->nodes, (size_t)room * sizeof(Node *));
        if (nodes == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        memset(nodes + self->node_room, 0, (size_t)(room - self->node_room) * sizeof(Node *));
        self->nodes = nodes;
        self->node_room = room;
    }
    if (self->nodes[index] == NULL) { /* or another thread was faster */
        self->nodes[index] = node;
    }
    return self->nodes[index];
}

/* The node at an index, read when first asked for; NULL with an error. */
static inline Node *node_at(Walker *self, int32_t index) {
    if (index >= 0 && index < self->node_room && self->nodes[index] != NULL) {
        return self->nodes[index];
    }
    return read_node(self, index);
}

/* Where a list leads from a node, or NULL. */
static const int32_t *list_target(const Node *node, int32_t list) {
    int32_t low = 0, high = node->list_count;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (node->lists[middle].key < list) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < node->list_count && node->lists[low].key == list ? &node->lists[low].value
                                                                  : NULL;
}

/* -- first words ---------------------------------------------------------------------- */

static void free_start(Start *start) {
    if (start != NULL && start != &nowhere) {
        PyMem_Free(start->targets);
        PyMem_Free(start->codes);
        PyMem_Free(start->nodes);
    }
}

static void *zeroed(size_t count, size_t each) {
    void *made = PyMem_Calloc(count + 1, each);
    if (made == NULL) {
        PyErr_NoMemory();
    }
    return made;
}

/* Joins what the nodes of a start have: codes, words, lists. */
static int join_nodes(Walker *self, Start *start, int32_t direct) {
    size_t words = 0, keys = 0, codes = (size_t)direct, i;
    int32_t n, j;
    Slot *slots, *last;
    int32_t *all;
    for (n = 0; n < start->node_count; n++) {
        const Node *node = start->nodes[n].node;
        codes += (size_t)node->code_count;
        words += (size_t)node->words.count;
    }
    if ((all = zeroed(codes, sizeof(int32_t))) == NULL) {
        return -1;
    }
    memcpy(all, start->codes, (size_t)direct * sizeof(int32_t));
    PyMem_Free(start->codes);
    start->codes = all;
    if ((start->targets = zeroed(words, sizeof(Slot))) == NULL ||
        (slots = zeroed(words, sizeof(Slot))) == NULL) {
        return -1;
    }
    for (n = 0; n < start->node_count; n++) {
        const Node *node = start->nodes[n].node;
        for (j = 0; j < node->code_count; j++) {
            start->codes[start->code_count++] = codes_of(node)[j];
        }
        for (j = 0; j < node->words.count; j++) {
            if (node->words.slots[j].key >= 0) {
                slots[keys++] = node->words.slots[j];
            }
        }
        start->list_bits |= node->list_bits;
    }
    qsort(slots, keys, sizeof(Slot), by_key);
    for (i = 0, last = slots; i < keys; i++) {
        int again = i > 0 && slots[i].key == last[-1].key;
        start->targets[i].key = again ? (int32_t)i - 1 : -1;
        start->targets[i].value = slots[i].value;
        last -= again;
        *last = (Slot){slots[i].key, again ? 2 * (int32_t)i + 1 : 2 * slots[i].value};
        last++;
    }
    keys = (size_t)(last - slots);
    start->words.slots = arena_new(self, map_room(keys) * sizeof(Slot) + 1);
    if (start->words.slots != NULL) {
        map_fill(&start->words, start->words.slots, slots, keys);
    }
    PyMem_Free(slots);
    return start->words.slots == NULL ? -1 : 0;
}

/* Where a word leads from a root; NULL with an error. */
static Start *make_start(Walker *self, Info *info, PyObject *root, const Node *lists) {
    PyObject *direct = NULL;
    Start *start;
    int32_t target, i, j;
    size_t room = (size_t)lists->list_count + 1;
    if (info->mark < 0) {
        direct = PyDict_GetItemWithError(root, info->word);
        if (direct == NULL && PyErr_Occurred()) {
            return NULL;
        }
    }
    if ((direct == NULL || !PyLong_Check(direct)) &&
        (info->single == NULL || lists->mask == NULL ||
         !meets(info->single, lists->mask, self->mask_words))) {
        return &nowhere;
    }
    if ((start = arena_new(self, sizeof(Start))) == NULL) {
        return NULL;
    }
    if ((start->codes = zeroed(room, sizeof(int32_t))) == NULL ||
        (start->nodes = zeroed(room, sizeof(Reached))) == NULL) {
        goto failed;
    }
    for (i = -1; i < lists->list_count; i++) {
        if (i < 0) {
            if (direct == NULL || !PyLong_Check(direct)) {
                continue;
            }
            if (as_int(direct, &target) < 0) {
                goto failed;
            }
        } else {
            int32_t number = lists->lists[i].key;
            if (info->single == NULL || !(info->single[number / 64] >> (number % 64) & 1)) {
                continue;
            }
            target = lists->lists[i].value;
        }
        if (target < 0) {
            start->codes[start->code_count++] = -1 - target;
        } else {
            Node *node = node_at(self, target);
            if (node == NULL) {
                goto failed;
            }
            for (j = 0; j < start->node_count && start->nodes[j].node != node; j++) {
            }
            if (j == start->node_count) {
                start->nodes[start->node_count++] = (Reached){node->list_bits, node};
            }
        }
    }
    if (join_nodes(self, start, start->code_count) < 0) {
        goto failed;
    }
    for (i = j = 0; i < start->node_count; i++) { /* the others are not needed any more */
        if (start->nodes[i].node->mask != NULL || start->nodes[i].node->far != NULL) {
            start->nodes[j++] = start->nodes[i];
        }
    }
    start->node_count = j;
    for (i = 0; i < start->node_count; i++) {
        if (start->nodes[i].node->far != NULL) {
            Reached near = start->nodes[start->far];
            start->nodes[start->far++] = start->nodes[i];
            start->nodes[i] = near;
        }
    }
    return start;
failed:
    free_start(start);
    return NULL;
}

/* Bits that tell most words from which nothing leads on, without a look at the start. */
static void remember_start(Info *info) {
    const Start *start = info->start;
    int32_t i;
    info->open = (int8_t)(start->far || start->code_count);
    for (i = 0; i < start->words.count; i++) {
        if (start->words.slots[i].key >= 0) {
            info->second_bits |= bit_of(start->words.slots[i].key);
        }
    }
    info->second_lists = start->list_bits;
}

static Start *start_of(Walker *self, Info *info, int initial) {
    Start **known = initial ? &info->initial : &info->start, *made;
    if (*known == NULL) {
        made = make_start(self, info, initial ? self->initial : self->root,
                          initial ? self->initial_lists : self->root_lists);
        if (made == NULL) {
            return NULL;
        }
        if (*known != NULL) { /* another thread was faster */
            free_start(made);
        } else {
            *known = made;
            if (!initial) {
                remember_start(info);
            }
        }
    }
    return *known;
}

/* -- walking -------------------------------------------------------------------------- */

static int add_hit(Walk *walk, int32_t code, Py_ssize_t last) {
    Hit *hit;
    if (reserve(&walk->scratch->hits, (size_t)walk->hits + 1, sizeof(Hit)) < 0) {
        return -1;
    }
    hit = (Hit *)walk->scratch->hits.data + walk->hits++;
    hit->code = code;
    hit->first = walk->first;
    hit->last = last;
    return 0;
}

/* Notes what is found at a place that words lead to, and keeps it to go on from. */
static inline int add_step(Walk *walk, int32_t target, Py_ssize_t at) {
    Step *step;
    if (target < 0) {
        return add_hit(walk, -1 - target, at);
    }
    if (reserve(&walk->scratch->waiting, (size_t)walk->waiting + 1, sizeof(Step)) < 0) {
        return -1;
    }
    step = (Step *)walk->scratch->waiting.data + walk->waiting++;
    *step = (Step){target, at, walk->first, walk->part};
    if (target < walk->walker->node_room) {
        FETCH(walk->walker->nodes[target]);
    }
    return 0;
}

/* Notes what is found at a place from which nothing leads on. */
static int add_end(Walk *walk, int32_t target, Py_ssize_t at) {
    const Node *node;
    int32_t i;
    if (target < 0) {
        return add_hit(walk, -1 - target, at);
    }
    if ((node = node_at(walk->walker, target)) == NULL) {
        return -1;
    }
    for (i = 0; i < node->code_count; i++) {
        if (add_hit(walk, codes_of(node)[i], at) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Follows the word lists that lead on from `node`, and an entry of which begins at `at`. */
static int enter(Walk *walk, const Node *node, Py_ssize_t at) {
    const Info *info = walk->words[at];
    Walker *walker = walk->walker;
    int32_t i, target;
    if (info->single != NULL) {
        for (i = 0; i < node->list_count; i++) {
            int32_t number = node->lists[i].key;
            if (info->single[number / 64] >> (number % 64) & 1 &&
                add_step(walk, node->lists[i].value, at + 1) < 0) {
                return -1;
            }
        }
    }
    if (info->longer == NULL || !info->entry ||
        !meets(info->longer, node->mask, walker->mask_words)) {
        return 0;
    }
    for (target = info->entry_at; target >= 0;) {
        const Node *entry = node_at(walker, target);
        const int32_t *found;
        int32_t count = 1;
        if (entry == NULL) {
            return -1;
        }
        if (++at >= walk->place->count) {
            return 0;
        }
        found = map_get(&entry->words, walk->words[at]->id);
        if (found == NULL) {
            return 0;
        }
        target = *found;
        if (target >= 0) {
            if ((entry = node_at(walker, target)) == NULL) {
                return -1;
            }
            count = entry->code_count;
        }
        for (i = 0; i < count; i++) {
            int32_t code = target < 0 ? -1 - target : codes_of(entry)[i];
            found = list_target(node, code);
            if (found != NULL && add_step(walk, *found, at + 1) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* Goes on from `node` by a word list at word `at`. */
static inline int read_lists(Walk *walk, const Node *node, Py_ssize_t at) {
    const Info *info = walk->words[at];
    if (node->list_bits & info->list_bits &&
        meets(node->mask, info->begins, walk->walker->mask_words)) {
        return enter(walk, node, at);
    }
    return 0;
}

/* Goes on from `node` at word `at` by that word. */
static inline int read_word(Walk *walk, const Node *node, Py_ssize_t at) {
    const Info *info = walk->words[at];
    const int32_t *target = NULL;
    if (node->word_bits & info->bit) {
        target = map_get(&node->words, info->id);
    }
    if (target != NULL && add_step(walk, *target, at + 1) < 0) {
        return -1;
    }
    return read_lists(walk, node, at);
}

/* Goes on at word `at`, by its sentence's end or over a gap. */
static int leave(Walk *walk, const Far *far, Py_ssize_t at) {
    int mark = walk->words[at]->mark;
    const Node *node;
    Py_ssize_t end;
    if (mark >= 0 && far->has_ends[mark] && add_end(walk, far->ends[mark], at) < 0) {
        return -1;
    }
    if (!far->has_gap) {
        return 0;
    }
    if ((node = node_at(walk->walker, far->gap)) == NULL) {
        return -1;
    }
    if (node->far != NULL) { /* an end at whatever distance */
        mark = walk->place->sentences[walk->part].mark;
        if (node->far->has_ends[mark] && add_end(walk, node->far->ends[mark], at) < 0) {
            return -1;
        }
    }
    end = at + GAP_WORDS + 1;
    if (end > walk->place->count) {
        end = walk->place->count;
    }
    for (; at < end && walk->words[at]->mark < 0; at++) {
        if (read_word(walk, node, at) < 0) {
            return -1;
        }
    }
    return 0;
}

static int visit(Walk *walk, const Node *node, Py_ssize_t at) {
    int32_t i;
    for (i = 0; i < node->code_count; i++) {
        if (add_hit(walk, codes_of(node)[i], at) < 0) {
            return -1;
        }
    }
    if (at >= walk->place->count) {
        return 0;
    }
    if (read_word(walk, node, at) < 0) {
        return -1;
    }
    return node->far != NULL ? leave(walk, node->far, at) : 0;
}

/* Notes what is found from a first word on, and what it leads to. */
static int begin(Walk *walk, const Start *start) {
    Py_ssize_t at = walk->first + 1;
    Info **words = walk->words;
    const int32_t *target;
    int32_t i;
    int listed;
    if (start == &nowhere || at >= walk->place->count) {
        return 0;
    }
    target = map_get(&start->words, words[at]->id);
    listed = (start->list_bits & words[at]->list_bits) != 0;
    for (i = 0; i < start->code_count; i++) {
        if (add_hit(walk, start->codes[i], at) < 0) {
            return -1;
        }
    }
    if (target != NULL && !(*target & 1) && add_step(walk, *target / 2, at + 1) < 0) {
        return -1;
    }
    for (i = target == NULL || !(*target & 1) ? -1 : *target / 2; i >= 0;
         i = start->targets[i].key) {
        if (add_step(walk, start->targets[i].value, at + 1) < 0) {
            return -1;
        }
    }
    for (i = 0; i < start->far; i++) {
        if (leave(walk, start->nodes[i].node->far, at) < 0) {
            return -1;
        }
    }
    for (i = 0; listed && i < start->node_count; i++) {
        if (start->nodes[i].list_bits & words[at]->list_bits &&
            read_lists(walk, start->nodes[i].node, at) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Keeps a word to begin with, unless nothing leads on from it. */
static inline int add_lead(Walk *walk, Py_ssize_t first, Py_ssize_t part, int initial) {
    Info *info = walk->words[first];
    Start *start = initial ? info->initial : info->start;
    Lead *lead;
    if (start == NULL && (start = start_of(walk->walker, info, initial)) == NULL) {
        return -1;
    }
    if (start == &nowhere) {
        return 0;
    }
    FETCH(start);
    if (reserve(&walk->scratch->leads, (size_t)walk->leads + 1, sizeof(Lead)) < 0) {
        return -1;
    }
    lead = (Lead *)walk->scratch->leads.data + walk->leads++;
    *lead = (Lead){start, first, part};
    return 0;
}

/* Goes all the ways that the words kept lead. One stage after the other, so that while one
 * waits for memory others go on: hits may come in any order. */
static int go(Walk *walk) {
    Py_ssize_t i;
    for (i = 0; i < walk->leads; i++) {
        const Lead *leads = walk->scratch->leads.data;
        Lead lead = leads[i];
        if (i + AHEAD < walk->leads && leads[i + AHEAD].start->words.count) {
            const Lead *soon = &leads[i + AHEAD];
            map_fetch(&soon->start->words, walk->words[soon->first + 1]->id);
        }
        walk->first = lead.first;
        walk->part = lead.part;
        if (begin(walk, lead.start) < 0) {
            return -1;
        }
    }
    for (i = 0; i < walk->waiting; i++) {
        const Step *steps = walk->scratch->waiting.data;
        Step step = steps[i];
        const Node *node;
        walk->first = step.first;
        walk->part = step.part;
        node = node_at(walk->walker, step.target);
        if (node == NULL || visit(walk, node, step.at) < 0) {
            return -1;
        }
    }
    walk->leads = walk->waiting = 0;
    return 0;
}

/* -- matches -------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b) {
    const Hit *x = a, *y = b;
    if (x->code != y->code) {
        return x->code < y->code ? -1 : 1;
    }
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return (x->last < y->last) - (x->last > y->last);
}

static void sort_hits(Hit *hits, Py_ssize_t count) {
    Py_ssize_t i, j;
    if (count > 24) {
        qsort(hits, (size_t)count, sizeof(Hit), by_code);
        return;
    }
    for (i = 1; i < count; i++) { /* which is faster for few */
        Hit hit = hits[i];
        for (j = i; j > 0 && by_code(&hit, &hits[j - 1]) < 0; j--) {
            hits[j] = hits[j - 1];
        }
        hits[j] = hit;
    }
}

static int add_found(Walk *walk, Py_ssize_t *count, int32_t rule, Py_ssize_t first,
                     Py_ssize_t last, Py_ssize_t start, Py_ssize_t end, int degree) {
    Found *found;
    if (reserve(&walk->scratch->found, (size_t)*count + 1, sizeof(Found)) < 0) {
        return -1;
    }
    found = (Found *)walk->scratch->found.data + *count;
    found->rule = rule;
    found->degree = degree;
    found->first = first;
    found->last = last;
    found->start = start;
    found->end = end;
    found->order = (*count)++;
    return 0;
}

/* Whether one of the hits, which are sorted, shares a word with `first` to `last`. */
static int excepted(const Hit *hits, Py_ssize_t count, Py_ssize_t first, Py_ssize_t last) {
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (hits[middle].first < last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low && hits[low - 1].first > first - LONGEST) {
        if (hits[--low].last > first) {
            return 1;
        }
    }
    return 0;
}

/* Whether a negation shortly before word `first` reaches it; -1 with an error. */
static int negated(const Walk *walk, Py_ssize_t first) {
    Info **words = walk->words;
    const Place *place = walk->place;
    Py_ssize_t earliest = first > NEGATION_WORDS ? first - NEGATION_WORDS : 0, at, i;
    int kind = PyUnicode_KIND(place->text), any = 0, found;
    const void *data = PyUnicode_DATA(place->text);
    PyObject *pair;
    for (at = earliest; at < first; at++) {
        any |= words[at]->flags & NEGATOR;
    }
    for (at = first - 1; any && at >= earliest; at--) {
        if (words[at]->flags & BREAKER) {
            return 0;
        }
        if (place->ends[at] >= place->starts[at + 1]) {
            return 0;
        }
        for (i = place->ends[at]; i < place->starts[at + 1]; i++) {
            if (!Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, i))) {
                return 0;
            }
        }
        if (words[at]->flags & NEGATOR) {
            pair = PyUnicode_FromFormat("%U %U", words[at]->word, words[at + 1]->word);
            if (pair == NULL) {
                return -1;
            }
            found = PySet_Contains(walk->walker->not_negating, pair);
            Py_DECREF(pair);
            return found < 0 ? -1 : !found;
        }
    }
    return 0;
}

/* Hits less what `unless`, negation and overlap take away. */
static int settle(Walk *walk, Py_ssize_t *count) {
    Hit *hits = walk->scratch->hits.data;
    Py_ssize_t i, j, end, exceptions, reached, at;
    const Place *place = walk->place;
    sort_hits(hits, walk->hits);
    for (i = 0; i < walk->hits; i = exceptions) {
        int32_t code = hits[i].code, rule = code >> 1;
        for (end = i; end < walk->hits && hits[end].code == code; end++) {
        }
        exceptions = end;
        if (code & 1) {
            continue;
        }
        while (exceptions < walk->hits && hits[exceptions].code == code + 1) exceptions++;
        if (rule < 0 || rule >= walk->walker->rules) {
            PyErr_SetString(PyExc_ValueError,
                            "the compiled rules name a rule that is not there");
            return -1;
        }
        for (j = i, reached = 0; j < end; j++) {
            Py_ssize_t first = hits[j].first, last = hits[j].last;
            int flags = 0, degree;
            if (first < reached || excepted(hits + end, exceptions - end, first, last)) {
                continue;
            }
            reached = last;
            if (walk->walker->skips[rule] && first) {
                int no = negated(walk, first);
                if (no < 0) {
                    return -1;
                }
                if (no) {
                    continue;
                }
            }
            for (at = first > 2 ? first - 2 : 0; at < last; at++) {
                flags |= walk->words[at]->flags;
            }
            degree = flags & INTENSIFIER ? 1 : flags & HEDGE ? -1 : 0;
            if (add_found(walk, count, rule, first, last, place->starts[first],
                          place->ends[last - 1], degree) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* Whether a word of the text is in capitals (and has a letter). */
static int is_upper(const Place *place, Py_ssize_t word) {
    int kind = PyUnicode_KIND(place->text), cased = 0;
    const void *data = PyUnicode_DATA(place->text);
    Py_ssize_t i;
    for (i = place->starts[word]; i < place->ends[word]; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (Py_UNICODE_ISLOWER(c) || Py_UNICODE_ISTITLE(c)) {
            return 0;
        }
        cased |= Py_UNICODE_ISUPPER(c) != 0;
    }
    return cased;
}

/* Runs of two or more words in capitals, one of them no abbreviation. */
static int find_shouting(Walk *walk, Py_ssize_t *count) {
    const Place *place = walk->place;
    Py_ssize_t part, at, i;
    for (part = 0; part < place->parts; part++) {
        Py_ssize_t first = -1, last = place->sentences[part].last;
        for (at = place->sentences[part].first; at <= last; at++) {
            int upper = at < last && !(walk->words[at]->flags & MASKED) && is_upper(place, at);
            if (upper && first < 0) {
                first = at;
            } else if (!upper && first >= 0) {
                for (i = first; i < at && place->ends[i] - place->starts[i] <= 3; i++) {
                }
                if (at - first > 1 && i < at &&
                    add_found(walk, count, walk->walker->shouting, first, at,
                              place->starts[first], place->ends[at - 1], 0) < 0) {
                    return -1;
                }
                first = -1;
            }
        }
    }
    return 0;
}

/* Notes piled-up exclamation and question marks, `start` to `end`. */
static int add_emphasis(Walk *walk, Py_ssize_t *count, Py_ssize_t start, Py_ssize_t end,
                        int asks) {
    const Place *place = walk->place;
    int rule = asks ? walk->walker->question_marks : walk->walker->exclamations;
    Py_ssize_t low = 0, high = place->count;
    if (rule < 0 || !place->count) {
        return 0;
    }
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (place->starts[middle] < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low = low ? low - 1 : 0;
    if (low && walk->words[low]->mark >= 0) {
        low--;
    }
    if (walk->words[low]->flags & MASKED && place->ends[low] > start) {
        return 0;
    }
    return add_found(walk, count, rule, low, low + 1, start, end, 0);
}

/* Whether there are three capitals or two marks side by side, among bytes. Without branches,
 * so that many go at once. */
static void look(const unsigned char *bytes, Py_ssize_t length, int *shouted,
                 Py_ssize_t *piled) {
    unsigned char capitals = 0, marks = 0;
    Py_ssize_t i;
    for (i = 0; i + 2 < length; i++) {
        capitals |= ((unsigned char)(bytes[i] - 'A') < 26) &
                    ((unsigned char)(bytes[i + 1] - 'A') < 26) &
                    ((unsigned char)(bytes[i + 2] - 'A') < 26);
    }
    for (i = 0; i + 1 < length; i++) {
        marks |= ((bytes[i] == '!') | (bytes[i] == '?')) &
                 ((bytes[i + 1] == '!') | (bytes[i + 1] == '?'));
    }
    *shouted = capitals;
    *piled = marks;
}

/* Shouting, and piled-up exclamation and question marks. */
static int find_features(Walk *walk, Py_ssize_t *count) {
    const Place *place = walk->place;
    Py_ssize_t i, length = PyUnicode_GET_LENGTH(place->text);
    Py_ssize_t capitals = 0, marks = 0, piled = 0;
    int kind = PyUnicode_KIND(place->text), shouted = 0, asks = 0;
    const void *data = PyUnicode_DATA(place->text);
    if (walk->walker->shouting < 0 && walk->walker->exclamations < 0 &&
        walk->walker->question_marks < 0) {
        return 0;
    }
    if (kind == PyUnicode_1BYTE_KIND) {
        look(data, length, &shouted, &piled);
    }
    for (i = 0; i < length && kind != PyUnicode_1BYTE_KIND; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c >= 'A' && c <= 'Z') {
            shouted |= ++capitals == 3;
        } else {
            capitals = 0;
        }
        if (c == '?' || c == '!') {
            piled |= ++marks == 2;
        } else {
            marks = 0;
        }
    }
    if (shouted && walk->walker->shouting >= 0 && find_shouting(walk, count) < 0) {
        return -1;
    }
    for (i = marks = 0; piled && i <= length; i++) {
        Py_UCS4 c = i < length ? PyUnicode_READ(kind, data, i) : 0;
        if (c == '?' || c == '!') {
            marks++;
            asks |= c == '?';
        } else {
            if (marks > 1 && add_emphasis(walk, count, i - marks, i, asks) < 0) {
                return -1;
            }
            marks = asks = 0;
        }
    }
    return 0;
}

int walker_find(Walker *self, const Place *place, Info **words, Scratch *scratch,
                Py_ssize_t *count) {
    Walk walk = {self, place, words, scratch, 0, 0, 0, 0, 0};
    Py_ssize_t at, part;
    for (part = 0; part < place->parts; part++) {
        const Part *sentence = &place->sentences[part];
        for (at = sentence->first; at < sentence->last; at++) {
            const Info *info = words[at], *next = words[at + 1];
            int leads = info->start == NULL || info->open ||
                        info->second_bits & next->bit ||
                        info->second_lists & next->list_bits;
            if ((leads && add_lead(&walk, at, part, 0) < 0) ||
                (at == sentence->first && add_lead(&walk, at, part, 1) < 0)) {
                return -1;
            }
            if (walk.leads >= MOST_LEADS && go(&walk) < 0) {
                return -1;
            }
        }
    }
    if (go(&walk) < 0) {
        return -1;
    }
    if (walk.hits && settle(&walk, count) < 0) {
        return -1;
    }
    return find_features(&walk, count);
}

/* -- from and to Python --------------------------------------------------------------- */

static int numbers_of(PyObject *list, Py_ssize_t count, Py_ssize_t *values) {
    Py_ssize_t i;
    if (!PyList_Check(list) || PyList_GET_SIZE(list) != count) {
        PyErr_SetString(PyExc_ValueError, "a document's lists differ in length");
        return -1;
    }
    for (i = 0; i < count; i++) {
        values[i] = PyLong_AsSsize_t(PyList_GET_ITEM(list, i));
        if (values[i] == -1 && PyErr_Occurred()) {
            return -1;
        }
    }
    return 0;
}

/* A document made in Python, checked. */
static int take_document(Walker *self, PyObject *document, Scratch *scratch, Place *place) {
    PyObject *text, *words, *starts, *ends, *sentences, *item;
    Py_ssize_t i, k, count, parts, length, numbers[4], before = 0;
    Info **infos;
    if (!PyTuple_Check(document) || PyTuple_GET_SIZE(document) < 5) {
        PyErr_SetString(PyExc_TypeError, "find takes a document");
        return -1;
    }
    text = PyTuple_GET_ITEM(document, 0);
    words = PyTuple_GET_ITEM(document, 1);
    starts = PyTuple_GET_ITEM(document, 2);
    ends = PyTuple_GET_ITEM(document, 3);
    sentences = PyTuple_GET_ITEM(document, 4);
    if (!PyUnicode_Check(text) || !PyList_Check(words) || !PyList_Check(sentences)) {
        PyErr_SetString(PyExc_TypeError, "find takes a document");
        return -1;
    }
    count = PyList_GET_SIZE(words);
    parts = PyList_GET_SIZE(sentences);
    length = PyUnicode_GET_LENGTH(text);
    if (reserve(&scratch->infos, (size_t)count, sizeof(Info *)) < 0 ||
        reserve(&scratch->starts, (size_t)count, sizeof(Py_ssize_t)) < 0 ||
        reserve(&scratch->ends, (size_t)count, sizeof(Py_ssize_t)) < 0 ||
        reserve(&scratch->parts, (size_t)parts, sizeof(Part)) < 0 ||
        numbers_of(starts, count, scratch->starts.data) < 0 ||
        numbers_of(ends, count, scratch->ends.data) < 0) {
        return -1;
    }
    place->text = text;
    place->count = count;
    place->parts = parts;
    place->starts = scratch->starts.data;
    place->ends = scratch->ends.data;
    place->sentences = scratch->parts.data;
    infos = scratch->infos.data;
    for (i = 0; i < count; i++) {
        if (i >= PyList_GET_SIZE(words) ||
            !PyUnicode_CheckExact(PyList_GET_ITEM(words, i))) {
            PyErr_SetString(PyExc_TypeError, "a document's words must be strings");
            return -1;
        }
        if ((infos[i] = walker_info(self, PyList_GET_ITEM(words, i))) == NULL) {
            return -1;
        }
        if (place->starts[i] < 0 || place->starts[i] > length || place->ends[i] < 0 ||
            place->ends[i] > length) {
            PyErr_SetString(PyExc_ValueError, "a document's words lie outside of its text");
            return -1;
        }
    }
    for (i = 0; i < parts; i++) {
        Part *part = (Part *)scratch->parts.data + i;
        item = PyList_GET_ITEM(sentences, i);
        if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 5 ||
            !PyUnicode_Check(PyTuple_GET_ITEM(item, 4)) ||
            (part->mark = mark_number(PyTuple_GET_ITEM(item, 4))) < 0) {
            PyErr_SetString(PyExc_ValueError, "a document's sentences must end with . ? or !");
            return -1;
        }
        for (k = 0; k < 4; k++) {
            numbers[k] = PyLong_AsSsize_t(PyTuple_GET_ITEM(item, k));
            if (numbers[k] == -1 && PyErr_Occurred()) {
                return -1;
            }
        }
        part->first = numbers[0];
        part->last = numbers[1];
        part->start = numbers[2];
        part->end = numbers[3];
        if (part->first != before || part->last <= part->first || part->last >= count ||
            infos[part->last]->mark < 0) {
            PyErr_SetString(PyExc_ValueError, "a document's sentences must hold its words");
            return -1;
        }
        before = part->last + 1;
    }
    if (before != count) {
        PyErr_SetString(PyExc_ValueError, "a document's sentences must hold its words");
        return -1;
    }
    return 0;
}

static PyObject *walker_matches(Walker *self, PyObject *document) {
    Scratch *scratch = take_scratch();
    PyObject *list = NULL;
    Place place;
    Py_ssize_t count = 0, i;
    if (scratch == NULL) {
        return NULL;
    }
    if (take_document(self, document, scratch, &place) < 0 ||
        walker_find(self, &place, scratch->infos.data, scratch, &count) < 0) {
        goto done;
    }
    list = PyList_New(count);
    for (i = 0; list != NULL && i < count; i++) {
        const Found *found = (Found *)scratch->found.data + i;
        PyObject *match =
            PyObject_CallFunction(self->match_type, "innnni", found->rule, found->first,
                                  found->last, found->start, found->end, found->degree);
        if (match == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, match);
    }
done:
    give_scratch(scratch);
    return list;
}

/* The rule that a feature hits into `*rule`, or -1 if there is none; 0, or -1 with an error. */
static int feature(const Walker *self, PyObject *features, const char *name, int *rule) {
    PyObject *value = get_item(features, name);
    int32_t number = -1;
    if (value == NULL && PyErr_Occurred()) {
        return -1;
    }
    if (value != NULL && as_int(value, &number) < 0) {
        return -1;
    }
    if (value != NULL && (number < 0 || number >= self->rules)) {
        PyErr_SetString(PyExc_ValueError, "a feature names a rule that is not there");
        return -1;
    }
    *rule = number;
    return 0;
}

static PyObject *walker_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    PyObject *records, *bits, *classes, *longer, *negators, *not_negating, *breakers;
    PyObject *intensifiers, *hedges, *skips, *features, *match_type;
    int root, initial, multi;
    Py_ssize_t i;
    Walker *self;
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs)) ||
        !PyArg_ParseTuple(args, "OiiiO!O!O!O!O!O!O!O!O!O!O", &records, &root, &initial, &multi,
                          &PyDict_Type, &bits, &PyDict_Type, &classes, &PyDict_Type, &longer,
                          &PyFrozenSet_Type, &negators, &PyFrozenSet_Type, &not_negating,
                          &PyFrozenSet_Type, &breakers, &PyFrozenSet_Type, &intensifiers,
                          &PyFrozenSet_Type, &hedges, &PyList_Type, &skips, &PyDict_Type,
                          &features, &match_type)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "Walker takes no keyword arguments");
        }
        return NULL;
    }
    self = (Walker *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->records = Py_NewRef(records);
    self->bits = Py_NewRef(bits);
    self->classes = Py_NewRef(classes);
    self->longer = Py_NewRef(longer);
    self->negators = Py_NewRef(negators);
    self->not_negating = Py_NewRef(not_negating);
    self->breakers = Py_NewRef(breakers);
    self->intensifiers = Py_NewRef(intensifiers);
    self->hedges = Py_NewRef(hedges);
    self->match_type = Py_NewRef(match_type);
    self->mask_words = PyDict_GET_SIZE(bits) / 64 + 1;
    self->rules = PyList_GET_SIZE(skips);
    self->skips = PyMem_Calloc((size_t)self->rules + 1, 1);
    if (self->skips == NULL) {
        PyErr_NoMemory();
        goto failed;
    }
    for (i = 0; i < self->rules; i++) {
        self->skips[i] = PyList_GET_ITEM(skips, i) == Py_True;
    }
    if (feature(self, features, "shouting", &self->shouting) < 0 ||
        feature(self, features, "exclamations", &self->exclamations) < 0 ||
        feature(self, features, "question-marks", &self->question_marks) < 0) {
        goto failed;
    }
    if ((self->ids = PyDict_New()) == NULL ||
        (self->root = record_at(self, root)) == NULL ||
        (self->initial = record_at(self, initial)) == NULL ||
        (self->multi = record_at(self, multi)) == NULL ||
        (self->root_lists = make_node(self, self->root, 1)) == NULL ||
        (self->initial_lists = make_node(self, self->initial, 1)) == NULL) {
        goto failed;
    }
    if (!PyDict_Check(self->multi)) {
        PyErr_SetString(PyExc_ValueError, "a node of the compiled rules must be a dict");
        goto failed;
    }
    return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

static void walker_dealloc(Walker *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_ssize_t i;
    for (i = 0; i < self->info_count; i++) {
        Info *info = self->infos[i];
        free_start(info->start);
        free_start(info->initial);
        PyMem_Free(info->single);
        PyMem_Free(info->longer);
        PyMem_Free(info->begins);
        Py_DECREF(info->word);
    }
    PyMem_Free(self->infos);
    PyMem_Free(self->nodes);
    arena_free(self);
    PyMem_Free(self->skips);
    Py_XDECREF(self->records);
    Py_XDECREF(self->bits);
    Py_XDECREF(self->classes);
    Py_XDECREF(self->longer);
    Py_XDECREF(self->negators);
    Py_XDECREF(self->not_negating);
    Py_XDECREF(self->breakers);
    Py_XDECREF(self->intensifiers);
    Py_XDECREF(self->hedges);
    Py_XDECREF(self->match_type);
    Py_XDECREF(self->ids);
    Py_XDECREF(self->root);
    Py_XDECREF(self->initial);
    Py_XDECREF(self->multi);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef walker_methods[] = {
    {"find", (PyCFunction)walker_matches, METH_O, "All matches in a document."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot walker_slots[] = {
    {Py_tp_new, walker_new},
    {Py_tp_dealloc, walker_dealloc},
    {Py_tp_methods, walker_methods},
    {Py_tp_doc, "Compiled rules, ready to walk."},
    {0, NULL},
};

PyType_Spec walker_spec = {
    .name = "calmtone._speedups.Walker",
    .basicsize = sizeof(Walker),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = walker_slots,
};
