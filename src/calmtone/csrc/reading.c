/* Text to words and sentences: `calmtone.text.read`. */
#include "native.h"

#include <string.h>

/* What is known of a word as written. */
struct Entry {
    int32_t reads; /* the id of what is read for it, or -1 */
    int32_t own;   /* its id as a word that others are read as, or -1 */
    int32_t letters, length; /* where its letters stand, see `KEYED` */
    int32_t flags;
};

enum {
    ABBREVIATION = 1,
    DISGUISED = 2,
    SPELLED = 4, /* as a disguised word */
    REPORTING = 8,
    COUNTING = 16, /* a word as well as an abbreviation */
    KEYED = 32     /* its letters are the key of its slot, at `letters` */
};

typedef struct {
    Py_ssize_t start, size, word; /* `word`: where its letters stand, see `letters` */
    Py_ssize_t length;            /* in letters */
    uint64_t key;                 /* see `key_of` */
} Token;

/* -- characters ----------------------------------------------------------------------- */

#define IN_WORD 1 /* of a word */
#define SPECIAL 2 /* may call for the full reading */
#define CHUNK 4   /* of an insult with signs for letters */
#define STOP 8
#define SIGN 16 /* that may stand for a letter */
#define JOIN 32 /* what words drop */

static unsigned char kinds[128];

/* A text on its way to words, character by character. */
typedef struct {
    Py_ssize_t length;
    Py_UCS4 *norm;        /* as it is read; room for the letters of words with joiners, and */
    Py_UCS4 *spare;       /* to respell a word, follows from here on */
    unsigned char *low;   /* the same in bytes, BEYOND_ASCII for what is none */
    unsigned char *kinds; /* of each character, with zeros behind */
    uint64_t *bits;       /* one for each character; see `find_kind` */
    int found;            /* all kinds that occur */
} Letters;

#define BEYOND_ASCII 128
#define PADDING 64 /* zeros behind kinds */

static void fill_tables(void) {
    const char *c;
    int i;
    for (i = 0; i < 128; i++) {
        int letter = (i >= 'a' && i <= 'z') || (i >= '0' && i <= '9');
        int capital = i >= 'A' && i <= 'Z';
        kinds[i] = (unsigned char)((letter || capital ? IN_WORD : 0) | (letter ? CHUNK : 0));
    }
    for (c = "'|_"; *c; c++) kinds[(int)*c] |= IN_WORD;
    for (c = "@$*!#'"; *c; c++) kinds[(int)*c] |= CHUNK;
    for (c = ".!?\n"; *c; c++) kinds[(int)*c] |= STOP;
    for (c = "\"'`>@:.-!*$#\r"; *c; c++) kinds[(int)*c] |= SPECIAL;
    for (c = "@!*$#"; *c; c++) kinds[(int)*c] |= SIGN;
    kinds['_'] |= JOIN;
}

/* How an ASCII character is read. Without a branch, so that many go at once. */
static inline unsigned char lower(unsigned char c) {
    unsigned char capital = (unsigned char)(c - 'A') < 26;
    unsigned char mask = c == '|'; /* to a space, which is 92 before it */
    return (unsigned char)(c + 32 * capital - 92 * mask);
}

static inline int is_kind(Py_UCS4 c, int kind) { return c < 128 && kinds[c] & kind; }

static inline int in_word(Py_UCS4 c) {
    return c < 128 ? kinds[c] & IN_WORD : Py_UNICODE_ISALNUM(c);
}

/* Notes of which kinds the characters are, once `norm` has changed. */
static void classify(Letters *letters) {
    Py_ssize_t i;
    letters->found = 0;
    for (i = 0; i < letters->length; i++) {
        Py_UCS4 c = letters->norm[i];
        letters->low[i] = (unsigned char)(c < 128 ? c : BEYOND_ASCII);
        letters->kinds[i] = (unsigned char)(c < 128 ? kinds[c] : in_word(c) ? IN_WORD : 0);
        letters->found |= letters->kinds[i];
    }
}

/* Sets a bit for each character of a kind (a power of two), and none behind the last. */
static void find_kind(const Letters *letters, int kind) {
    const unsigned char *from = letters->kinds;
    Py_ssize_t block, i;
    int shift = 0;
    while (1 << shift < kind) shift++;
    for (block = 0; block <= letters->length / 64; block++, from += 64) {
        uint64_t bits = 0;
        for (i = 0; i < 8; i++) {
            uint64_t eight;
#if PY_LITTLE_ENDIAN
            memcpy(&eight, from + 8 * i, 8);
            eight = eight >> shift & 0x0101010101010101u; /* side by side by a product */
            bits |= (eight * 0x0102040810204080u) >> 56 << 8 * i;
#else
            Py_ssize_t k;
            for (eight = k = 0; k < 8; k++) {
                eight |= (uint64_t)(from[8 * i + k] >> shift & 1) << k;
            }
            bits |= eight << 8 * i;
#endif
        }
        letters->bits[block] = bits;
    }
}

static inline int lowest_bit(uint64_t bits) {
#if defined(__GNUC__)
    return __builtin_ctzll(bits);
#else
    int at = 0;
    while (!(bits & 255)) bits >>= 8, at += 8;
    while (!(bits & 1)) bits >>= 1, at++;
    return at;
#endif
}

/* The first character from `at` on whose bit is set, or the length. */
static inline Py_ssize_t next_set(const Letters *letters, Py_ssize_t at) {
    Py_ssize_t block = at / 64;
    uint64_t bits;
    if (at >= letters->length) {
        return letters->length;
    }
    bits = letters->bits[block] >> at % 64 << at % 64;
    while (!bits) {
        if (++block > letters->length / 64) {
            return letters->length;
        }
        bits = letters->bits[block];
    }
    return block * 64 + lowest_bit(bits);
}

static inline int is_plain(Py_UCS4 c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static inline Py_UCS4 unleet(Py_UCS4 c) {
    switch (c) {
    case '0': return 'o';
    case '1': return 'i';
    case '3': return 'e';
    case '4': return 'a';
    case '5': return 's';
    case '7': return 't';
    case '8': return 'b';
    case '@': return 'a';
    case '$': return 's';
    case '!': return 'i';
    default: return c;
    }
}

/* -- the table of words --------------------------------------------------------------- */

#define KEY_LETTERS 8

/* What a word is looked up by: its letters themselves where they are few and of ASCII, so
 * that no other word has the same key; else a hash, marked by the highest bit. */
static inline uint64_t key_of(const Py_UCS4 *letters, Py_ssize_t length) {
    uint64_t key = 0, hash = 14695981039346656037u;
    Py_ssize_t i;
    if (length <= KEY_LETTERS) {
        for (i = 0; i < length && letters[i] - 1 < 127; i++) {
            key |= (uint64_t)letters[i] << 8 * i;
        }
        if (i == length) {
            return key;
        }
    }
    for (i = 0; i < length; i++) {
        hash = (hash ^ letters[i]) * 1099511628211u;
    }
    return hash | HASHED;
}

static inline uint32_t slot_of(const Reader *self, uint64_t key) {
    return (uint32_t)(key * 0x9e3779b97f4a7c15u >> 32) & self->slot_mask;
}

/* Where a word stands in the table, or NULL. */
static inline const WordSlot *find_slot(const Reader *self, const Py_UCS4 *letters,
                                        Py_ssize_t length, uint64_t key) {
    uint32_t at = slot_of(self, key);
    while (self->slots[at].entry >= 0) {
        const WordSlot *slot = &self->slots[at];
        if (slot->key == key) {
            const Entry *entry = &self->entries[slot->entry];
            const Py_UCS4 *own = self->letters + entry->letters;
            Py_ssize_t i = 0;
            if (!(key & HASHED)) {
                return slot;
            }
            if (entry->length == length) {
                while (i < length && own[i] == letters[i]) i++;
                if (i == length) {
                    return slot;
                }
            }
        }
        at = (at + 1) & self->slot_mask;
    }
    return NULL;
}

static Entry *find_entry(const Reader *self, const Py_UCS4 *letters, Py_ssize_t length) {
    const WordSlot *slot = find_slot(self, letters, length, key_of(letters, length));
    return slot == NULL ? NULL : &self->entries[slot->entry];
}

/* The entry of letters, made if there is none; NULL with an error. */
static Entry *make_entry(Reader *self, const Py_UCS4 *letters, Py_ssize_t length) {
    uint64_t key = key_of(letters, length);
    const WordSlot *slot = find_slot(self, letters, length, key);
    Entry *entry;
    uint32_t at;
    if (slot != NULL) {
        return &self->entries[slot->entry];
    }
    if (self->entry_count >= self->entry_room ||
        (key & HASHED && self->letter_count + length > self->letter_room)) {
        PyErr_SetString(PyExc_RuntimeError, "more words than counted");
        return NULL;
    }
    at = slot_of(self, key);
    while (self->slots[at].entry >= 0) {
        at = (at + 1) & self->slot_mask;
    }
    self->slots[at].key = key;
    self->slots[at].entry = (int32_t)self->entry_count;
    entry = &self->entries[self->entry_count++];
    entry->reads = entry->own = -1;
    entry->letters = (int32_t)at;
    entry->length = (int32_t)length;
    entry->flags = key & HASHED ? 0 : KEYED;
    if (key & HASHED) {
        entry->letters = (int32_t)self->letter_count;
        memcpy(self->letters + self->letter_count, letters, (size_t)length * sizeof(Py_UCS4));
        self->letter_count += length;
    }
    return entry;
}

/* The entry of a word, made if there is none where `make`; NULL if there is none, or with an
 * error. */
static Entry *entry_of(Reader *self, PyObject *word, int make) {
    Py_UCS4 few[64], *letters = few;
    Py_ssize_t i, length;
    Entry *entry;
    if (!PyUnicode_Check(word)) {
        PyErr_SetString(PyExc_TypeError, "words must be strings");
        return NULL;
    }
    few[0] = 0;
    length = PyUnicode_GET_LENGTH(word);
    if (length > 64 && (letters = PyMem_New(Py_UCS4, length)) == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (i = 0; i < length; i++) {
        letters[i] = PyUnicode_READ_CHAR(word, i);
    }
    entry = make ? make_entry(self, letters, length) : find_entry(self, letters, length);
    if (letters != few) {
        PyMem_Free(letters);
    }
    return entry;
}

/* Gives an entry an id, as a word that others are read as; NULL with an error, also before. */
static Entry *own(Reader *self, Entry *entry) {
    if (entry != NULL && entry->own < 0) {
        if (self->word_count >= self->word_room) {
            PyErr_SetString(PyExc_RuntimeError, "more words than counted");
            return NULL;
        }
        entry->own = (int32_t)self->word_count;
        self->own_entries[self->word_count++] = (int32_t)(entry - self->entries);
    }
    return entry;
}

static Entry *own_entry(Reader *self, PyObject *word) {
    return own(self, entry_of(self, word, 1));
}

PyObject *reader_word(Reader *self, int32_t id) {
    const Entry *entry;
    Py_UCS4 few[KEY_LETTERS];
    const Py_UCS4 *letters = few;
    Py_ssize_t i;
    if (self->words[id] != NULL) {
        return self->words[id];
    }
    entry = &self->entries[self->own_entries[id]];
    if (entry->flags & KEYED) {
        uint64_t key = self->slots[entry->letters].key;
        for (i = 0; i < entry->length; i++) {
            few[i] = (Py_UCS4)(key >> 8 * i & 127);
        }
    } else {
        letters = self->letters + entry->letters;
    }
    return self->words[id] =
               PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, letters, entry->length);
}

int32_t reader_id(Reader *self, PyObject *word) {
    Entry *entry = entry_of(self, word, 0);
    return entry == NULL ? -1 : entry->own;
}

static int has_flag(Reader *self, const Py_UCS4 *letters, Py_ssize_t length, int flag) {
    Entry *entry = find_entry(self, letters, length);
    return entry != NULL && entry->flags & flag;
}

/* -- normalisation -------------------------------------------------------------------- */

/* What a character that is not ASCII is read as; 0, 1 if it may be of another script than
 * it looks, or -1 with an error. */
static int fold_char(Reader *self, Py_UCS4 code, Py_UCS4 *folded) {
    int at = code & 255, foreign;
    PyObject *key, *value;
    if (self->folded[at].code == code) {
        *folded = self->folded[at].folded;
        return self->folded[at].foreign;
    }
    if ((key = PyLong_FromUnsignedLong(code)) == NULL) {
        return -1;
    }
    value = PyObject_GetItem(self->fold, key);
    Py_DECREF(key);
    if (value == NULL) {
        return -1;
    }
    if (!PyUnicode_Check(value) || PyUnicode_GET_LENGTH(value) != 1) {
        Py_DECREF(value);
        PyErr_SetString(PyExc_ValueError, "a character must fold to one character");
        return -1;
    }
    *folded = PyUnicode_READ_CHAR(value, 0);
    foreign = PySet_Contains(self->foreign, value);
    Py_DECREF(value);
    if (foreign >= 0) {
        self->folded[at].code = code;
        self->folded[at].folded = *folded;
        self->folded[at].foreign = foreign;
    }
    return foreign;
}

static int all_plain(const Py_UCS4 *letters, Py_ssize_t length) {
    Py_ssize_t i;
    for (i = 0; i < length; i++) {
        if (!is_plain(letters[i])) {
            return 0;
        }
    }
    return length > 0;
}

/* Whether letters and signs surely stand for no disguised word. */
static int stays_as_it_is(Reader *self, const Py_UCS4 *letters, Py_ssize_t length) {
    Py_UCS4 plain[40];
    Py_ssize_t i, alphabetic = 0, wild = 0;
    if (all_plain(letters, length)) {
        return 1;
    }
    for (i = 0; i < length; i++) {
        plain[i] = unleet(letters[i]);
        alphabetic += plain[i] >= 'a' && plain[i] <= 'z';
        wild += plain[i] == '*' || plain[i] == '#';
    }
    if (wild) {
        return alphabetic < 1 || length < 3;
    }
    return !has_flag(self, plain, length, DISGUISED | SPELLED);
}

/* Whether a run of letters and signs is surely left as it is; it has at most 40 characters. */
static int is_harmless(Reader *self, const Py_UCS4 *chunk, Py_ssize_t length) {
    const Py_UCS4 *core = chunk, *end = chunk + length;
    if (all_plain(chunk, length)) {
        return 1;
    }
    while (core < end && (*core == '*' || *core == '\'' || *core == '#')) core++;
    while (end > core && (end[-1] == '*' || end[-1] == '\'' || end[-1] == '#')) end--;
    if (all_plain(core, end - core) && chunk[length - 1] == '*' && chunk[0] != '*') {
        return 0;
    }
    if (!stays_as_it_is(self, core, end - core)) {
        return 0;
    }
    while (end > core && end[-1] == '!') end--;
    return stays_as_it_is(self, core, end - core);
}

static int follows(const Py_UCS4 *norm, Py_ssize_t at, const char *before) {
    Py_ssize_t i, length = (Py_ssize_t)strlen(before);
    if (at < length) {
        return 0;
    }
    for (i = 0; i < length; i++) {
        if (norm[at - length + i] != (Py_UCS4)before[i]) {
            return 0;
        }
    }
    return 1;
}

#define LONGEST_CHUNK 40
#define WHOLE 0.8 /* of a text in one pair of marks: they quote nothing */
#define PROSE 5   /* words between ticks that may be no code */

/* What there is in a text that calls for more than folding. */
enum { BEYOND = 1 /* what only the full reading can do */, TICKS = 2, QUOTES = 4, SINGLE = 8,
       SIGNS = 16 };

/* Whether the hyphen at `i` may be the first one in the name of a rule: hostility/you-idiot. */
static int names_a_rule(const Py_UCS4 *norm, Py_ssize_t i) {
    while (i && ((norm[i - 1] >= 'a' && norm[i - 1] <= 'z') ||
                 (norm[i - 1] >= '0' && norm[i - 1] <= '9'))) {
        i--;
    }
    return i && norm[i - 1] == '/' &&
           (follows(norm, i - 1, "hostility") || follows(norm, i - 1, "defensiveness") ||
            follows(norm, i - 1, "empathy"));
}

/* Notes it, and makes line ends of carriage returns. */
static int what_there_is(Letters *letters) {
    Py_UCS4 *norm = letters->norm;
    Py_ssize_t i, length = letters->length;
    int found = 0, single = 0;
    if (!(letters->found & SPECIAL)) {
        return 0;
    }
    find_kind(letters, SPECIAL);
    for (i = next_set(letters, 0); i < length; i = next_set(letters, i + 1)) {
        switch (norm[i]) {
        case '"':
            found |= QUOTES | SINGLE;
            break;
        case '`':
            if (follows(norm, i, "``")) {
                return BEYOND;
            }
            found |= TICKS | SINGLE;
            break;
        case '\'':
            single = 1;
            if (i == 0 || norm[i - 1] == ' ') {
                found |= SINGLE;
            }
            break;
        case '.':
            if (follows(norm, i, "www")) {
                return BEYOND;
            }
            break;
        case ':':
            if ((i + 2 < length && norm[i + 1] == '/' && norm[i + 2] == '/') ||
                follows(norm, i, "wrote") || follows(norm, i, "from") ||
                follows(norm, i, "calmtone")) {
                return BEYOND;
            }
            found |= SINGLE;
            break;
        case '-':
            if (follows(norm, i, " message") || follows(norm, i, " message ") ||
                follows(norm, i, "you") || names_a_rule(norm, i)) {
                return BEYOND;
            }
            break;
        case '\r':
            norm[i] = i + 1 < length && norm[i + 1] == '\n' ? ' ' : '\n';
            letters->low[i] = (unsigned char)norm[i];
            letters->kinds[i] = kinds[norm[i]];
            letters->found |= letters->kinds[i];
            break;
        case '!':
        case '*':
        case '$':
        case '#':
            found |= SIGNS;
            break;
        default: /* > @ */
            return BEYOND;
        }
    }
    return single ? found : found & ~SINGLE;
}

/* Whether what is spelled with signs in a text is surely left as it is. */
static int signs_are_harmless(Reader *self, const Py_UCS4 *norm, Py_ssize_t length) {
    Py_ssize_t i, start, end = 0;
    for (i = 0; i < length; i++) {
        if (!is_kind(norm[i], SIGN)) {
            continue;
        }
        for (start = i; start > end && is_kind(norm[start - 1], CHUNK); start--) {
        }
        for (end = i + 1; end < length && is_kind(norm[end], CHUNK); end++) {
        }
        if (i - start <= LONGEST_CHUNK) {
            Py_ssize_t size = end - start < LONGEST_CHUNK ? end - start : LONGEST_CHUNK;
            if (!is_harmless(self, norm + start, size)) {
                return 0;
            }
        }
        i = end;
    }
    return 1;
}

/* -- quotations ----------------------------------------------------------------------- */

static int word_like(Py_UCS4 c) { return c == '_' || Py_UNICODE_ISALNUM(c); }

/* The first letter that is no space, and the end of the last one. */
static void substance(const Py_UCS4 *norm, Py_ssize_t *first, Py_ssize_t *last) {
    while (*first < *last && Py_UNICODE_ISSPACE(norm[*first])) ++*first;
    while (*last > *first && Py_UNICODE_ISSPACE(norm[*last - 1])) --*last;
}

/* The end (exclusive) of a quotation in double quotation marks from `i` on, or -1. */
static Py_ssize_t double_quoted(const Py_UCS4 *norm, Py_ssize_t length, Py_ssize_t i) {
    Py_ssize_t end;
    for (end = i + 1; end < length && norm[end] != '"' && norm[end] != '|'; end++) {
        if (end - i > 600) {
            return -1;
        }
    }
    return end < length && norm[end] == '"' && end - i > 1 ? end + 1 : -1;
}

/* The same for single ones, which are apostrophes inside of words. */
static Py_ssize_t single_quoted(const Py_UCS4 *norm, Py_ssize_t length, Py_ssize_t i) {
    Py_ssize_t end;
    if (i && (norm[i - 1] == '\'' || word_like(norm[i - 1]))) {
        return -1;
    }
    for (end = i + 1; end < length && end - i <= 401; end++) {
        if (norm[end] == '\n' || norm[end] == '|') {
            return -1;
        }
        if (norm[end] == '\'') {
            if (end + 1 >= length || !word_like(norm[end + 1])) {
                return end - i > 2 ? end + 1 : -1;
            }
            if (!word_like(norm[end - 1])) {
                return -1;
            }
        }
    }
    return -1;
}

/* Whether the words from `at` to `end` number at least `most`; or, where `reporting`, whether
 * one of the first or last `most` of them announces somebody else's words. */
static int words_tell(const Reader *self, const Py_UCS4 *norm, Py_ssize_t at, Py_ssize_t end,
                      int most, int reporting, int from_end) {
    Py_ssize_t first;
    int count = 0;
    while (count < most) {
        if (from_end) {
            while (end > at && Py_UNICODE_ISSPACE(norm[end - 1])) end--;
            for (first = end; first > at && !Py_UNICODE_ISSPACE(norm[first - 1]); first--) {
            }
        } else {
            while (at < end && Py_UNICODE_ISSPACE(norm[at])) at++;
            for (first = at; at < end && !Py_UNICODE_ISSPACE(norm[at]); at++) {
            }
        }
        if (first == (from_end ? end : at)) {
            return 0;
        }
        count++;
        if (reporting) {
            const Entry *entry = from_end ? find_entry(self, norm + first, end - first)
                                          : find_entry(self, norm + first, at - first);
            if (entry != NULL && entry->flags & REPORTING) {
                return 1;
            }
        }
        if (from_end) {
            end = first;
        }
    }
    return !reporting;
}

/* Code between ticks is not the writer's own words, but where it is the whole text. Whether
 * there is some. */
static int mask_ticks(const Reader *self, Py_UCS4 *norm, Py_ssize_t length) {
    Py_ssize_t i = 0, end, first = 0, last = length;
    int masked = 0;
    substance(norm, &first, &last);
    while (i < length) {
        if (norm[i++] != '`') {
            continue;
        }
        for (end = i; end < length && norm[end] != '`' && norm[end] != '\n'; end++) {
        }
        if (end < length && norm[end] == '`' && end > i && end - i <= 300) {
            if ((double)(end - i + 2) > WHOLE * (double)(last - first) &&
                words_tell(self, norm, i - 1, end + 1, PROSE, 0, 0)) {
                i = end + 1;
                continue;
            }
            for (i--; i <= end; i++) {
                norm[i] = '|';
            }
            masked = 1;
        }
    }
    return masked;
}

/* Whether a small letter follows the gap at `at`, within so many characters. */
static int goes_on(PyObject *text, Py_ssize_t at, Py_ssize_t within) {
    Py_ssize_t end = PyUnicode_GET_LENGTH(text);
    end = end - at < within ? end : at + within;
    while (at < end && Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(text, at))) at++;
    return at < end && Py_UNICODE_ISLOWER(PyUnicode_READ_CHAR(text, at));
}

/* Masks reported speech; a word or two in quotation marks are the writer's irony. Whether
 * there is some. The bits are those of what was special before anything was masked. */
static int mask_quotations(const Reader *self, PyObject *text, Letters *letters, int single) {
    const Py_UCS4 *from = letters->spare;
    Py_UCS4 *norm = letters->norm;
    Py_ssize_t i, end, first = 0, last = letters->length, at, length = letters->length;
    int masked = 0;
    memcpy(letters->spare, norm, (size_t)length * sizeof(Py_UCS4));
    substance(from, &first, &last);
    for (i = next_set(letters, 0); i < length; i = next_set(letters, i)) {
        end = -1;
        if (from[i] == (Py_UCS4)(single ? '\'' : '"')) {
            end = single ? single_quoted(from, length, i) : double_quoted(from, length, i);
        }
        if (end < 0) {
            i++;
            continue;
        }
        if ((double)(end - i) > WHOLE * (double)(last - first)) {
            i = end;
            continue;
        }
        if (!words_tell(self, from, i, end, 3, 0, 0)) {
            Py_ssize_t before = i, after = end;
            Py_ssize_t begin = i > 40 ? i - 40 : 0;
            Py_ssize_t stop = end + 20 < length ? end + 20 : length;
            while (before > begin && (from[before - 1] == ' ' || from[before - 1] == ',' ||
                                      from[before - 1] == ':')) {
                before--;
            }
            while (after < stop && (from[after] == ' ' || from[after] == ',')) after++;
            if (!words_tell(self, from, begin, before, 3, 1, 1) &&
                !words_tell(self, from, after, stop, 2, 1, 0)) {
                i = end;
                continue;
            }
        }
        for (at = i; at < end; at++) {
            norm[at] = '|';
        }
        if ((from[end - 2] == '.' || from[end - 2] == '!' || from[end - 2] == '?') &&
            (end == length || from[end] == ' ' || from[end] == '\n') &&
            !goes_on(text, end, 20)) {
            norm[end - 1] = '.'; /* the quotation ends the writer's sentence too */
        }
        masked = 1;
        i = end;
    }
    return masked;
}

/* Masks what is not the writer's own words. 1, or 0 if the text needs the full reading. */
static int mask(Reader *self, PyObject *text, Letters *letters) {
    int found = what_there_is(letters), masked = 0;
    if (found & BEYOND) {
        return 0;
    }
    if (found & TICKS) {
        masked |= mask_ticks(self, letters->norm, letters->length);
    }
    if (found & QUOTES) {
        masked |= mask_quotations(self, text, letters, 0);
    }
    if (found & SINGLE) {
        masked |= mask_quotations(self, text, letters, 1);
    }
    if (masked) {
        classify(letters);
    }
    return !(found & SIGNS) || signs_are_harmless(self, letters->norm, letters->length);
}

/* Letters as they are read. 1 if that is all, 0 if the text needs the full reading, -1 with
 * an error. */
static int fold_text(Reader *self, PyObject *text, Letters *letters) {
    Py_ssize_t i, length = letters->length;
    int kind = PyUnicode_KIND(text), found = 0;
    const void *data = PyUnicode_DATA(text);
    Py_UCS4 *norm = letters->norm;
    if (PyUnicode_IS_ASCII(text)) {
        const unsigned char *bytes = data;
        unsigned char *low = letters->low, *own = letters->kinds;
        for (i = 0; i < length; i++) {
            low[i] = lower(bytes[i]);
        }
        for (i = 0; i < length; i++) {
            norm[i] = low[i];
        }
        for (i = 0; i < length; i++) {
            own[i] = kinds[low[i]];
            found |= own[i];
        }
        letters->found = found;
    } else {
        for (i = 0; i < length; i++) {
            Py_UCS4 c = PyUnicode_READ(kind, data, i);
            if (c < 128) {
                norm[i] = lower((unsigned char)c);
                continue;
            }
            switch (fold_char(self, c, &norm[i])) {
            case 0:
                if (norm[i] == '|') {
                    norm[i] = ' ';
                }
                break;
            case 1:
                return 0;
            default:
                return -1;
            }
        }
        classify(letters);
    }
    return mask(self, text, letters);
}

/* The same for texts that need more, by the full reading. */
static int normalise_fully(Reader *self, PyObject *text, Letters *letters) {
    PyObject *made = PyObject_CallOneArg(self->normal, text);
    Py_ssize_t length = letters->length;
    int done = -1;
    if (made == NULL) {
        return -1;
    }
    if (!PyUnicode_Check(made) || PyUnicode_GET_LENGTH(made) != length) {
        PyErr_SetString(PyExc_ValueError, "normalisation must keep the length");
    } else if (PyUnicode_AsUCS4(made, letters->norm, length, 0) != NULL) {
        classify(letters);
        done = 0;
    }
    Py_DECREF(made);
    return done;
}

/* -- words ---------------------------------------------------------------------------- */

/* What a word of the text is looked up by. */
static inline uint64_t key_at(const Letters *letters, Py_ssize_t start, Py_ssize_t length) {
#if PY_LITTLE_ENDIAN
    uint64_t key;
    if (length <= KEY_LETTERS) {
        memcpy(&key, letters->low + start, KEY_LETTERS);
        key &= UINT64_MAX >> 8 * (KEY_LETTERS - length);
        if (!(key & 0x8080808080808080u)) {
            return key;
        }
    }
#endif
    return key_of(letters->norm + start, length);
}

/* Reads the word that is in a run of letters, if there is one; whether there is. */
static inline int read_token(const Reader *self, const Letters *letters, Py_ssize_t start,
                             Py_ssize_t end, Py_ssize_t *used, Token *token) {
    const Py_UCS4 *norm = letters->norm;
    Py_ssize_t at;
    int joined = 0, other = 0;
    for (; start < end && norm[start] == '\''; start++) {
    }
    for (; end > start && norm[end - 1] == '\''; end--) {
    }
    if (start == end) {
        return 0;
    }
    if (letters->found & JOIN) {
        for (at = start; at < end; at++) {
            joined |= norm[at] == '_';
            other |= norm[at] != '_';
        }
        if (!other) {
            return 0;
        }
    }
    token->start = start;
    token->size = end - start;
    token->word = start;
    token->length = end - start;
    if (joined) { /* its letters stand in `spare`, behind the text */
        Py_UCS4 *spare = letters->spare + *used;
        token->word = spare - norm;
        for (at = start, token->length = 0; at < end; at++) {
            if (norm[at] != '_') {
                spare[token->length++] = norm[at];
            }
        }
        *used += token->length;
        token->key = key_of(spare, token->length);
    } else {
        token->key = key_at(letters, start, token->length);
    }
    FETCH(&self->slots[slot_of(self, token->key)]);
    return 1;
}

/* The words of a normalised text; their number, or -1 with MemoryError. `*spaced` tells
 * whether four words of one letter stand in a row. */
static Py_ssize_t split(const Reader *self, const Letters *letters, Buffer *tokens,
                        int *spaced) {
    Py_ssize_t block, start = 0, count = 0, used = 0;
    uint64_t before = 0;
    int inside = 0, run = 0;
    *spaced = 0;
    find_kind(letters, IN_WORD);
    for (block = 0; block <= letters->length / 64; block++) {
        uint64_t bits = letters->bits[block], edges = bits ^ (bits << 1 | before);
        before = bits >> 63;
        if (reserve(tokens, (size_t)count + 64, sizeof(Token)) < 0) {
            return -1;
        }
        for (; edges; edges &= edges - 1) {
            Py_ssize_t at = block * 64 + lowest_bit(edges);
            if (inside) {
                Token *token = (Token *)tokens->data + count;
                if (read_token(self, letters, start, at, &used, token)) {
                    run = token->size == 1 ? run + 1 : 0;
                    *spaced |= run == 4;
                    count++;
                }
            }
            start = at;
            inside = !inside;
        }
    }
    return count;
}

static int all_digits(const Py_UCS4 *letters, Py_ssize_t length) {
    Py_ssize_t i;
    for (i = 0; i < length; i++) {
        if (!Py_UNICODE_ISDIGIT(letters[i])) {
            return 0;
        }
    }
    return length > 0;
}

/* A word with every run of three or more of one letter cut to `keep`; its length. */
static Py_ssize_t shorten(const Py_UCS4 *letters, Py_ssize_t length, int keep, Py_UCS4 *made) {
    Py_ssize_t i = 0, count = 0;
    while (i < length) {
        Py_ssize_t end = i, kept;
        while (end < length && letters[end] == letters[i]) end++;
        kept = end - i > 2 ? keep : end - i;
        for (; kept > 0; kept--) {
            made[count++] = letters[i];
        }
        i = end;
    }
    return count;
}

/* What a word that is not in the vocabulary is read as; `made` has room for it. */
static int32_t respell(const Reader *self, const Py_UCS4 *letters, Py_ssize_t length,
                       Py_UCS4 *made) {
    Py_ssize_t i;
    int alphabetic = 1, keep, stretched = 0;
    Entry *entry;
    if (letters[0] == '|') {
        return MASK_ID;
    }
    for (i = 0; i < length; i++) {
        alphabetic &= Py_UNICODE_ISALPHA(letters[i]) != 0;
        stretched |= i > 1 && letters[i] == letters[i - 1] && letters[i] == letters[i - 2];
    }
    for (keep = 2; stretched && keep > 0; keep--) {
        entry = find_entry(self, made, shorten(letters, length, keep, made));
        if (entry != NULL && entry->reads > UNKNOWN_ID) {
            return entry->reads;
        }
    }
    if (alphabetic || all_digits(letters, length)) {
        return UNKNOWN_ID;
    }
    for (i = 0; i < length; i++) {
        made[i] = unleet(letters[i]);
    }
    entry = find_entry(self, made, length);
    if (entry != NULL && entry->flags & DISGUISED) {
        return entry->own;
    }
    for (i = 0; i < length; i++) {
        made[i] = made[i] == 'i' ? 'l' : made[i];
    }
    entry = find_entry(self, made, length);
    return entry != NULL && entry->flags & DISGUISED ? entry->own : UNKNOWN_ID;
}

/* -- sentences ------------------------------------------------------------------------ */

typedef struct {
    const Reader *reader;
    PyObject *text;
    int kind;
    const void *data;
    const Letters *letters;
    const Py_UCS4 *norm;
    Py_ssize_t length;
    const Token *tokens;
} Context;

static const Py_UCS4 *letters_of(const Context *context, Py_ssize_t token) {
    return context->norm + context->tokens[token].word;
}

static int word_flags(const Context *context, Py_ssize_t token) {
    const Token *word = &context->tokens[token];
    const WordSlot *slot =
        find_slot(context->reader, letters_of(context, token), word->length, word->key);
    return slot == NULL ? 0 : context->reader->entries[slot->entry].flags;
}

static int is_number(const Context *context, Py_ssize_t token) {
    return all_digits(letters_of(context, token), context->tokens[token].length);
}

static int may_go_on(const Context *context, Py_ssize_t token) {
    return context->tokens[token].length < 2 ||
           word_flags(context, token) & ABBREVIATION || is_number(context, token);
}

/* The first character that is no space within so many from `at` on, or 0. */
static Py_UCS4 following(const Context *context, Py_ssize_t at, Py_ssize_t within) {
    Py_ssize_t end = context->length - at < within ? context->length : at + within;
    for (; at < end; at++) {
        Py_UCS4 c = PyUnicode_READ(context->kind, context->data, at);
        if (!Py_UNICODE_ISSPACE(c)) {
            return c == 0 ? 1 : c; /* NUL is a character, too: as good as any control */
        }
    }
    return 0;
}

static int starts_anew(const Context *context, Py_ssize_t after) {
    Py_UCS4 next = following(context, after, 80), c;
    if (next == 0 || (next < 128 && strchr("-*+>#", (int)next) != NULL) ||
        !Py_UNICODE_ISLOWER(next)) {
        return 1;
    }
    do { /* an empty line? */
        c = PyUnicode_READ(context->kind, context->data, after);
        after++;
    } while (c != '\n' && c != '\r' && c != next);
    return c != next;
}

/* Whether a small letter follows the closing marks at `after`, and the gap behind them. */
static int goes_on_behind(const Context *context, Py_ssize_t after) {
    Py_ssize_t at = after;
    while (at < context->length && at - after < 20) {
        Py_UCS4 c = PyUnicode_READ(context->kind, context->data, at);
        if (c == 0 || c > 127 || strchr("\"')]}*_", (int)c) == NULL) {
            return Py_UNICODE_ISSPACE(c) && goes_on(context->text, at, after + 20 - at);
        }
        at++;
    }
    return 0;
}

/* Whether the full stops at `at` end a sentence. */
static int ends_there(const Context *context, Py_ssize_t at, Py_ssize_t after, Py_ssize_t first,
                      Py_ssize_t last) {
    Py_UCS4 next = following(context, after, 20);
    const Token *token = &context->tokens[last - 1];
    int flags;
    if (after - at > 1) {
        return !Py_UNICODE_ISLOWER(next);
    }
    if (token->start + token->size != at) {
        return 1;
    }
    flags = word_flags(context, last - 1);
    if (flags & ABBREVIATION) { /* "no. 12", "no. of", but "I said no. Then he left." */
        return flags & COUNTING && !Py_UNICODE_ISDIGIT(next) &&
               !Py_UNICODE_ISLOWER(next) && next != '#';
    }
    if (last - first == 1 && is_number(context, last - 1)) {
        return next == 0;
    }
    return token->length > 1 || is_number(context, last - 1) ||
           letters_of(context, last - 1)[0] == 'i' || !Py_UNICODE_ISALPHA(next);
}

/* The mark with which a sentence ends at a run of stops, or -1; `*marks` of them are no
 * line ends. */
static int mark_at(const Context *context, Py_ssize_t at, Py_ssize_t after, Py_ssize_t first,
                   Py_ssize_t last, Py_ssize_t *marks) {
    const Py_UCS4 *norm = context->norm;
    Py_ssize_t i, end = after;
    int mark = 0;
    while (end > at && norm[end - 1] == '\n') end--;
    *marks = end - at;
    if (after < context->length && norm[after - 1] != '\n' &&
        !(norm[after] < 128 && norm[after] != 0 &&
          strchr(" \t\r\n\"')]}*_|", (int)norm[after]) != NULL)) {
        return -1;
    }
    if (after < context->length && norm[after - 1] != '\n' &&
        strchr("\"')]}*_", (int)norm[after]) != NULL && goes_on_behind(context, after)) {
        return -1;
    }
    if (end == at) {
        if (after - at < 2 && !starts_anew(context, after)) {
            return -1;
        }
    } else if (norm[at] == '.' && end == after && first < last) {
        int doubtful = after - at > 1 || may_go_on(context, last - 1);
        if (doubtful && !ends_there(context, at, after, first, last)) {
            return -1;
        }
    }
    for (i = at; i < end; i++) {
        if (norm[i] == '?') {
            return 1;
        }
        if (norm[i] == '!') {
            mark = 2;
        }
    }
    return mark;
}

/* The sentences of words `0` to `count`; their number, or -1 with MemoryError. */
static Py_ssize_t sentences(const Context *context, Py_ssize_t count, Buffer *buffer) {
    const Py_UCS4 *norm = context->norm;
    const Token *tokens = context->tokens;
    Py_ssize_t at = 0, after, first = 0, last = 0, parts = 0, end, marks;
    Part *part;
    if (context->letters->found & STOP) {
        find_kind(context->letters, STOP);
    } else {
        at = context->length;
    }
    for (; first < count && (at = next_set(context->letters, at)) < context->length;
         at = after) {
        int mark;
        after = at + 1;
        while (after < context->length && is_kind(norm[after], STOP)) after++;
        while (last < count && tokens[last].start < at) last++;
        end = after;
        mark = norm[at] == '.' ? 0 : norm[at] == '?' ? 1 : 2;
        if (after > at + 1 || norm[at] == '\n' || first == last ||
            (after < context->length && norm[after] != ' ') ||
            (mark == 0 && may_go_on(context, last - 1))) {
            mark = mark_at(context, at, after, first, last, &marks);
            if (mark < 0) {
                continue;
            }
            end = at + marks;
        }
        if (first < last) {
            Py_ssize_t words_end = tokens[last - 1].start + tokens[last - 1].size;
            while (norm[at] == '\n' && end > words_end && Py_UNICODE_ISSPACE(norm[end - 1])) {
                end--; /* no space before the line's end */
            }
            if (reserve(buffer, (size_t)parts + 1, sizeof(Part)) < 0) {
                return -1;
            }
            part = (Part *)buffer->data + parts;
            part->first = first + parts;
            part->last = last + parts;
            part->start = tokens[first].start;
            part->end = end > words_end ? end : words_end;
            part->mark = mark;
            parts++;
            first = last;
        } else if (mark == 1 && parts) {
            ((Part *)buffer->data)[parts - 1].mark = 1;
        }
    }
    if (first < count) {
        if (reserve(buffer, (size_t)parts + 1, sizeof(Part)) < 0) {
            return -1;
        }
        part = (Part *)buffer->data + parts;
        part->first = first + parts;
        part->last = count + parts;
        part->start = tokens[first].start;
        part->end = tokens[count - 1].start + tokens[count - 1].size;
        part->mark = 0;
        parts++;
    }
    return parts;
}

/* -- the whole ------------------------------------------------------------------------ */

int reader_read(Reader *self, PyObject *text, Scratch *scratch, Place *place) {
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), count, i, at, parts;
    Py_ssize_t *starts, *ends;
    const Py_UCS4 *norm;
    int32_t *ids;
    int simple, spaced;
    const Token *tokens;
    Part *part;
    Letters all;
    Context context;
    memset(place, 0, sizeof(*place));
    place->text = text;
    if (reserve(&scratch->norm, 3 * (size_t)length + 1, sizeof(Py_UCS4)) < 0 ||
        reserve(&scratch->bytes, 2 * (size_t)length + 2 * PADDING, 1) < 0 ||
        reserve(&scratch->bits, (size_t)length / 64 + 1, sizeof(uint64_t)) < 0) {
        return -1;
    }
    all.length = length;
    norm = all.norm = scratch->norm.data;
    all.spare = all.norm + length;
    all.kinds = scratch->bytes.data;
    all.low = all.kinds + length + PADDING;
    all.bits = scratch->bits.data;
    memset(all.kinds + length, 0, PADDING);
    simple = fold_text(self, text, &all);
    if (simple < 0 || (!simple && normalise_fully(self, text, &all) < 0)) {
        return -1;
    }
    count = split(self, &all, &scratch->tokens, &spaced);
    if (count >= 0 && spaced && simple) {
        if (normalise_fully(self, text, &all) < 0) {
            return -1;
        }
        count = split(self, &all, &scratch->tokens, &spaced);
    }
    if (count < 0) {
        return -1;
    }
    tokens = scratch->tokens.data;
    for (i = 0; i < count && norm[tokens[i].word] == '|'; i++) {
    }
    if (i == count) {
        count = 0; /* none of the words is the writer's */
    }
    context = (Context){self, text, PyUnicode_KIND(text), PyUnicode_DATA(text), &all, norm,
                        length, tokens};
    parts = sentences(&context, count, &scratch->parts);
    if (parts < 0 || reserve(&scratch->ids, (size_t)(count + parts), sizeof(int32_t)) < 0 ||
        reserve(&scratch->starts, (size_t)(count + parts), sizeof(Py_ssize_t)) < 0 ||
        reserve(&scratch->ends, (size_t)(count + parts), sizeof(Py_ssize_t)) < 0) {
        return -1;
    }
    ids = scratch->ids.data;
    starts = scratch->starts.data;
    ends = scratch->ends.data;
    part = scratch->parts.data;
    for (i = at = 0; i < count; i++) {
        const Token *token = &tokens[i];
        const Py_UCS4 *letters = norm + token->word;
        const WordSlot *slot = find_slot(self, letters, token->length, token->key);
        ids[at] = slot != NULL && slot->reads >= 0
                      ? slot->reads
                      : respell(self, letters, token->length, all.spare + length);
        starts[at] = token->start;
        ends[at] = token->start + token->size;
        at++;
        if (at == part->last) {
            ids[at] = FIRST_MARK_ID + part->mark;
            starts[at] = ends[at - 1];
            ends[at] = part->end;
            at++;
            part++;
        }
    }
    place->count = count + parts;
    place->parts = parts;
    place->starts = starts;
    place->ends = ends;
    place->sentences = scratch->parts.data;
    return 0;
}

static PyObject *number_list(const Py_ssize_t *values, Py_ssize_t count) {
    PyObject *list = PyList_New(count);
    Py_ssize_t i;
    for (i = 0; list != NULL && i < count; i++) {
        PyObject *number = PyLong_FromSsize_t(values[i]);
        if (number == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, number);
    }
    return list;
}

static PyObject *reader_document(Reader *self, PyObject *text) {
    PyObject *made = NULL, *words = NULL, *starts = NULL, *ends = NULL, *parts = NULL;
    Scratch *scratch;
    Place place;
    Py_ssize_t i;
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "text must be a string, not %.100s",
                            Py_TYPE(text)->tp_name);
    }
    if ((scratch = take_scratch()) == NULL) {
        return NULL;
    }
    if (reader_read(self, text, scratch, &place) < 0) {
        goto done;
    }
    words = PyList_New(place.count);
    starts = number_list(place.starts, place.count);
    ends = number_list(place.ends, place.count);
    parts = PyList_New(place.parts);
    if (words == NULL || starts == NULL || ends == NULL || parts == NULL) {
        goto done;
    }
    for (i = 0; i < place.count; i++) {
        int32_t id = ((int32_t *)scratch->ids.data)[i];
        PyObject *word = reader_word(self, id);
        if (word == NULL) {
            goto done;
        }
        PyList_SET_ITEM(words, i, Py_NewRef(word));
    }
    for (i = 0; i < place.parts; i++) {
        const Part *part = &place.sentences[i];
        PyObject *sentence = PyObject_CallFunction(
            self->sentence_type, "nnnnO", part->first, part->last, part->start, part->end,
            reader_word(self, FIRST_MARK_ID + part->mark));
        if (sentence == NULL) {
            goto done;
        }
        PyList_SET_ITEM(parts, i, sentence);
    }
    made = PyObject_CallFunctionObjArgs(self->document_type, text, words, starts, ends, parts,
                                        NULL);
done:
    give_scratch(scratch);
    Py_XDECREF(words);
    Py_XDECREF(starts);
    Py_XDECREF(ends);
    Py_XDECREF(parts);
    return made;
}

/* -- making one ----------------------------------------------------------------------- */

static Py_ssize_t letters_in(PyObject *words) {
    Py_ssize_t i, count = 0;
    for (i = 0; i < PyList_GET_SIZE(words); i++) {
        PyObject *word = PyList_GET_ITEM(words, i);
        count += PyUnicode_Check(word) ? PyUnicode_GET_LENGTH(word) : 0;
    }
    return count;
}

/* Gives each word of a string, with a space between two, an id. */
static int fill_words(Reader *self, PyObject *words) {
    Py_ssize_t i, start = 0, length = PyUnicode_GET_LENGTH(words);
    Py_UCS4 *letters = PyUnicode_AsUCS4Copy(words);
    Entry *entry = NULL;
    for (i = 0; letters != NULL && i <= length; i++) {
        if (i == length || letters[i] == ' ') {
            if (i > start) {
                entry = own(self, make_entry(self, letters + start, i - start));
                if (entry == NULL) {
                    break;
                }
                entry->reads = entry->own;
            }
            start = i + 1;
        }
    }
    PyMem_Free(letters);
    return i > length ? 0 : -1;
}

static int fill(Reader *self, PyObject *vocabulary, PyObject *spelling, PyObject *abbreviations,
                PyObject *counting, PyObject *reporting, PyObject *disguised) {
    static const char *const fixed[] = {"", "|", ".", "?", "!"};
    PyObject *key, *value, *word;
    Py_ssize_t i, at, room, letters, slots = 64;
    Entry *entry;
    int32_t id;
    room = 1;
    for (i = 0; i < PyUnicode_GET_LENGTH(vocabulary); i++) {
        room += PyUnicode_READ_CHAR(vocabulary, i) == ' ';
    }
    room += 2 * PyDict_GET_SIZE(spelling) +
           PyList_GET_SIZE(abbreviations) + PyList_GET_SIZE(counting) +
           PyList_GET_SIZE(reporting) + PyList_GET_SIZE(disguised) + FIRST_WORD_ID;
    while (slots < 2 * room) slots *= 2;
    letters = PyUnicode_GET_LENGTH(vocabulary) + letters_in(abbreviations) + letters_in(counting) +
              letters_in(reporting) + letters_in(disguised) + FIRST_WORD_ID;
    for (at = 0; PyDict_Next(spelling, &at, &key, &value);) {
        letters += (PyUnicode_Check(key) ? PyUnicode_GET_LENGTH(key) : 0) +
                   (PyUnicode_Check(value) ? PyUnicode_GET_LENGTH(value) : 0);
    }
    if (letters > INT32_MAX || room > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "too many words");
        return -1;
    }
    self->entries = PyMem_New(Entry, room);
    self->words = PyMem_Calloc((size_t)room, sizeof(PyObject *));
    self->own_entries = PyMem_New(int32_t, room);
    self->letters = PyMem_New(Py_UCS4, letters);
    self->slots = PyMem_Malloc((size_t)slots * sizeof(*self->slots));
    if (self->entries == NULL || self->words == NULL || self->own_entries == NULL ||
        self->letters == NULL || self->slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(self->slots, 0xff, (size_t)slots * sizeof(*self->slots));
    self->letter_room = letters;
    self->slot_mask = (uint32_t)slots - 1;
    self->entry_room = self->word_room = room;
    for (i = 0; i < FIRST_WORD_ID; i++) {
        if ((word = PyUnicode_InternFromString(fixed[i])) == NULL) {
            return -1;
        }
        entry = own_entry(self, word);
        Py_DECREF(word);
        if (entry == NULL) {
            return -1;
        }
    }
    for (at = 0; PyDict_Next(spelling, &at, &key, &value);) {
        if ((entry = own_entry(self, value)) == NULL) {
            return -1;
        }
        id = entry->own;
        if ((entry = entry_of(self, key, 1)) == NULL) {
            return -1;
        }
        entry->reads = id;
    }
    if (fill_words(self, vocabulary) < 0) {
        return -1;
    }
    for (i = 0; i < PyList_GET_SIZE(abbreviations); i++) {
        if ((entry = entry_of(self, PyList_GET_ITEM(abbreviations, i), 1)) == NULL) {
            return -1;
        }
        entry->flags |= ABBREVIATION;
    }
    for (i = 0; i < PyList_GET_SIZE(counting); i++) {
        if ((entry = entry_of(self, PyList_GET_ITEM(counting, i), 1)) == NULL) {
            return -1;
        }
        entry->flags |= COUNTING;
    }
    for (i = 0; i < PyList_GET_SIZE(reporting); i++) {
        if ((entry = entry_of(self, PyList_GET_ITEM(reporting, i), 1)) == NULL) {
            return -1;
        }
        entry->flags |= REPORTING;
    }
    for (i = 0; i < PyList_GET_SIZE(disguised); i++) {
        if ((entry = own_entry(self, PyList_GET_ITEM(disguised, i))) == NULL) {
            return -1;
        }
        entry->flags |= DISGUISED;
    }
    for (at = 0; PyDict_Next(spelling, &at, &key, &value);) {
        const Entry *word = entry_of(self, value, 1);
        if (word == NULL || (entry = entry_of(self, key, 1)) == NULL) {
            return -1;
        }
        if (word->flags & DISGUISED) {
            entry->flags |= SPELLED;
        }
    }
    for (i = 0; i < slots; i++) {
        if (self->slots[i].entry >= 0) {
            self->slots[i].reads = self->entries[self->slots[i].entry].reads;
        }
    }
    return 0;
}

static PyObject *reader_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    PyObject *vocabulary, *spelling, *abbreviations, *counting, *reporting, *disguised;
    PyObject *fold, *foreign, *normal, *document, *sentence;
    Reader *self;
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs)) ||
        !PyArg_ParseTuple(args, "UO!O!O!O!O!OO!OOO", &vocabulary, &PyDict_Type,
                          &spelling, &PyList_Type, &abbreviations, &PyList_Type, &counting,
                          &PyList_Type, &reporting, &PyList_Type, &disguised, &fold,
                          &PyFrozenSet_Type, &foreign, &normal, &document, &sentence)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "Reader takes no keyword arguments");
        }
        return NULL;
    }
    fill_tables();
    self = (Reader *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->fold = Py_NewRef(fold);
    self->foreign = Py_NewRef(foreign);
    self->normal = Py_NewRef(normal);
    self->document_type = Py_NewRef(document);
    self->sentence_type = Py_NewRef(sentence);
    if (fill(self, vocabulary, spelling, abbreviations, counting, reporting, disguised) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void reader_dealloc(Reader *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_ssize_t i;
    for (i = 0; i < self->word_count; i++) {
        Py_XDECREF(self->words[i]);
    }
    PyMem_Free(self->entries);
    PyMem_Free(self->letters);
    PyMem_Free(self->words);
    PyMem_Free(self->own_entries);
    PyMem_Free(self->slots);
    Py_XDECREF(self->fold);
    Py_XDECREF(self->foreign);
    Py_XDECREF(self->normal);
    Py_XDECREF(self->document_type);
    Py_XDECREF(self->sentence_type);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef reader_methods[] = {
    {"read", (PyCFunction)reader_document, METH_O, "The document of a text."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot reader_slots[] = {
    {Py_tp_new, reader_new},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_methods, reader_methods},
    {Py_tp_doc, "The word tables of a language."},
    {0, NULL},
};

PyType_Spec reader_spec = {
    .name = "calmtone._speedups.Reader",
    .basicsize = sizeof(Reader),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = reader_slots,
};
