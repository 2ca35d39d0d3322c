/* Text to analysis: what `calmtone.analyzer` composes where the rules alone are asked. */
#include "native.h"

#include <string.h>

/* -- results -------------------------------------------------------------------------- */

PyObject *new_span(PyTypeObject *type, Py_ssize_t start, Py_ssize_t end) {
    PyObject *span, *a = PyLong_FromSsize_t(start), *b = PyLong_FromSsize_t(end);
    if (a == NULL || b == NULL || (span = new_record(type, 2)) == NULL) {
        Py_XDECREF(a);
        Py_XDECREF(b);
        return NULL;
    }
    PyTuple_SET_ITEM(span, 0, a);
    PyTuple_SET_ITEM(span, 1, b);
    return untracked(span);
}

static PyObject *new_scores(const Engine *self, const double *log_odds, double *values) {
    PyObject *made = new_record(self->scores_type, DIMENSIONS);
    Py_ssize_t k;
    for (k = 0; made != NULL && k < DIMENSIONS; k++) {
        PyObject *score = PyFloat_FromDouble(probability(log_odds[k]));
        if (score == NULL) {
            Py_CLEAR(made);
            break;
        }
        if (values != NULL) {
            values[k] = PyFloat_AS_DOUBLE(score);
        }
        PyTuple_SET_ITEM(made, k, score);
    }
    return made == NULL ? NULL : untracked(made);
}

static PyObject *new_evidence(const Engine *self, const Evidence *items, Py_ssize_t count) {
    PyObject *made = PyTuple_New(count);
    Py_ssize_t i;
    for (i = 0; made != NULL && i < count; i++) {
        PyObject *span = new_span(self->span_type, items[i].start, items[i].end);
        PyObject *weight = PyFloat_FromDouble(items[i].weight), *evidence;
        if (span == NULL || weight == NULL ||
            (evidence = new_record(self->evidence_type, 4)) == NULL) {
            Py_XDECREF(span);
            Py_XDECREF(weight);
            Py_CLEAR(made);
            break;
        }
        PyTuple_SET_ITEM(evidence, 0, Py_NewRef(items[i].rule));
        PyTuple_SET_ITEM(evidence, 1,
                         Py_NewRef(PyTuple_GET_ITEM(self->dimensions, items[i].dimension)));
        PyTuple_SET_ITEM(evidence, 2, span);
        PyTuple_SET_ITEM(evidence, 3, weight);
        PyTuple_SET_ITEM(made, i, untracked(evidence));
    }
    return made;
}

/* The sentences with their scores; of a lone one they are the text's. */
static PyObject *new_sentences(const Engine *self, const Verdict *verdict, PyObject *scores) {
    const Place *place = &verdict->place;
    PyObject *made = PyTuple_New(place->parts);
    Py_ssize_t i;
    for (i = 0; made != NULL && i < place->parts; i++) {
        const Part *part = &place->sentences[i];
        PyObject *sentence, *span = new_span(self->span_type, part->start, part->end);
        PyObject *own = place->parts == 1
                            ? Py_NewRef(scores)
                            : new_scores(self, verdict->sums[i].log_odds, NULL);
        if (span == NULL || own == NULL ||
            (sentence = new_record(self->sentence_type, 2)) == NULL) {
            Py_XDECREF(span);
            Py_XDECREF(own);
            Py_CLEAR(made);
            break;
        }
        PyTuple_SET_ITEM(sentence, 0, span);
        PyTuple_SET_ITEM(sentence, 1, own);
        PyTuple_SET_ITEM(made, i, untracked(sentence));
    }
    return made;
}

static PyObject *new_notes(const Engine *self, const Verdict *verdict) {
    Py_ssize_t i, unknown = 0, count = verdict->place.count;
    for (i = 0; i < count; i++) {
        unknown += verdict->ids[i] == UNKNOWN_ID;
    }
    if (unknown && count < self->least_words) {
        return PyObject_CallFunction(self->foreign, "Onn", verdict->place.text, unknown,
                                     count - verdict->place.parts);
    }
    if (count < self->least_words ||
        (double)unknown < self->unknown_share * (double)count) {
        return PyTuple_New(0);
    }
    return Py_NewRef(self->note);
}

/* The pause that the scores ask for; none where others decide on it. */
static PyObject *new_pause(const Engine *self, PyObject *scores, int decides) {
    return decides ? PyObject_CallOneArg(self->pause, scores) : Py_NewRef(Py_None);
}

static PyObject *new_analysis(Engine *self, Scratch *scratch, const Verdict *verdict,
                              int decides) {
    PyObject *made = NULL, *parts[6] = {NULL, NULL, NULL, NULL, NULL, NULL};
    Py_ssize_t count, i;
    double values[DIMENSIONS];
    count = engine_evidence(self, scratch, verdict);
    if (count < 0 || (parts[0] = new_scores(self, verdict->log_odds, values)) == NULL ||
        (parts[1] = engine_hints(self, scratch, verdict, values, scratch->evidence.data,
                                 count, decides)) == NULL ||
        (parts[2] = new_evidence(self, scratch->evidence.data, count)) == NULL ||
        (parts[3] = new_sentences(self, verdict, parts[0])) == NULL ||
        (parts[4] = new_pause(self, parts[0], decides)) == NULL ||
        (parts[5] = new_notes(self, verdict)) == NULL ||
        (made = new_record(self->analysis_type, 12)) == NULL) {
        for (i = 0; i < 6; i++) {
            Py_XDECREF(parts[i]);
        }
        return NULL;
    }
    PyTuple_SET_ITEM(made, 0, Py_NewRef(verdict->place.text));
    for (i = 0; i < 5; i++) {
        PyTuple_SET_ITEM(made, i + 1, parts[i]);
    }
    PyTuple_SET_ITEM(made, 6, Py_NewRef(self->engine));
    PyTuple_SET_ITEM(made, 7, Py_NewRef(self->base_scores));
    PyTuple_SET_ITEM(made, 8, parts[5]);
    PyTuple_SET_ITEM(made, 9, Py_NewRef(parts[0]));
    PyTuple_SET_ITEM(made, 10, Py_NewRef(Py_None));
    PyTuple_SET_ITEM(made, 11, Py_NewRef(Py_None));
    return made;
}

/* -- methods -------------------------------------------------------------------------- */

static PyObject *analysis_of(Engine *self, PyObject *text, int decides) {
    PyObject *made = NULL;
    Verdict verdict;
    Scratch *scratch;
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "text must be a string, not %.100s",
                            Py_TYPE(text)->tp_name);
    }
    if ((scratch = take_scratch()) == NULL) {
        return NULL;
    }
    if (reader_read(self->reader, text, scratch, &verdict.place) == 0) {
        if (!verdict.place.parts) {
            made = Py_NewRef(Py_None);
        } else if (engine_weigh(self, scratch, &verdict, 1) == 0) {
            made = new_analysis(self, scratch, &verdict, decides);
        }
    }
    give_scratch(scratch);
    return made;
}

static PyObject *engine_analyze(Engine *self, PyObject *text) {
    return analysis_of(self, text, 1);
}

/* Of an answer, whose pause depends on more than its scores. */
static PyObject *engine_answer(Engine *self, PyObject *text) {
    return analysis_of(self, text, 0);
}

/* Asks for the beginning of a text that is read soon. */
static void fetch_text(PyObject *text) {
    const char *at = (const char *)text;
    int line;
    for (line = 0; line < 4; line++) {
        FETCH(at + 64 * line);
    }
}

/* Scores of many texts into a buffer of doubles, three each, which hold zeros. */
static PyObject *engine_score(Engine *self, PyObject *args) {
    PyObject *texts;
    Py_buffer view;
    Py_ssize_t i, k;
    double *values;
    Scratch *scratch;
    Verdict verdict;
    int failed = 0;
    if (!PyArg_ParseTuple(args, "O!w*", &PyList_Type, &texts, &view)) {
        return NULL;
    }
    if (view.len != PyList_GET_SIZE(texts) * DIMENSIONS * (Py_ssize_t)sizeof(double)) {
        PyErr_SetString(PyExc_ValueError, "there must be room for three doubles a text");
        PyBuffer_Release(&view);
        return NULL;
    }
    if ((scratch = take_scratch()) == NULL) {
        PyBuffer_Release(&view);
        return NULL;
    }
    values = view.buf;
    for (i = 0; i < PyList_GET_SIZE(texts) && !failed; i++) {
        PyObject *text = PyList_GET_ITEM(texts, i);
        if (i + 1 < PyList_GET_SIZE(texts)) {
            fetch_text(PyList_GET_ITEM(texts, i + 1));
        }
        if (!PyUnicode_Check(text) ||
            (i + 1) * DIMENSIONS * (Py_ssize_t)sizeof(double) > view.len) {
            PyErr_SetString(PyExc_TypeError, "texts must be strings");
            failed = 1;
            break;
        }
        Py_INCREF(text); /* another thread may change the list */
        failed = reader_read(self->reader, text, scratch, &verdict.place) < 0 ||
                 (verdict.place.parts && engine_weigh(self, scratch, &verdict, 0) < 0);
        for (k = 0; k < DIMENSIONS && !failed && verdict.place.parts; k++) {
            values[i * DIMENSIONS + k] = probability(verdict.log_odds[k]);
        }
        Py_DECREF(text);
        failed = failed || PyErr_CheckSignals() < 0;
    }
    give_scratch(scratch);
    PyBuffer_Release(&view);
    if (failed) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* -- making one ----------------------------------------------------------------------- */

static PyObject *get(PyObject *settings, const char *name) {
    PyObject *value = get_item(settings, name);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_KeyError, "the settings lack %s", name);
    }
    return value;
}

static int get_number(PyObject *settings, const char *name, double *number) {
    PyObject *value = get(settings, name);
    if (value == NULL) {
        return -1;
    }
    *number = PyFloat_AsDouble(value);
    return *number == -1.0 && PyErr_Occurred() ? -1 : 0;
}

static int get_count(PyObject *settings, const char *name, Py_ssize_t *count) {
    PyObject *value = get(settings, name);
    if (value == NULL) {
        return -1;
    }
    *count = PyLong_AsSsize_t(value);
    return *count == -1 && PyErr_Occurred() ? -1 : 0;
}

/* A tuple of at least so many values, each of which is a tuple of `each` if that is not 0. */
static PyObject *get_tuple(PyObject *settings, const char *name, Py_ssize_t least,
                           Py_ssize_t each) {
    PyObject *value = get(settings, name);
    Py_ssize_t i;
    int right = value != NULL && PyTuple_Check(value) && PyTuple_GET_SIZE(value) >= least;
    for (i = 0; right && each && i < PyTuple_GET_SIZE(value); i++) {
        PyObject *item = PyTuple_GET_ITEM(value, i);
        right = PyTuple_Check(item) && PyTuple_GET_SIZE(item) == each;
    }
    if (value != NULL && !right) {
        PyErr_Format(PyExc_TypeError, "the setting %s is no such tuple", name);
        value = NULL;
    }
    return value;
}

/* A type of named tuples with so many fields, which is how many are filled in here. */
static PyTypeObject *get_type(PyObject *settings, const char *name, Py_ssize_t fields) {
    PyObject *value = get(settings, name), *names;
    int right;
    if (value == NULL) {
        return NULL;
    }
    if (!PyType_Check(value) || !PyType_IsSubtype((PyTypeObject *)value, &PyTuple_Type)) {
        PyErr_Format(PyExc_TypeError, "the setting %s is no type of tuples", name);
        return NULL;
    }
    if ((names = PyObject_GetAttrString(value, "_fields")) == NULL) {
        return NULL;
    }
    right = PyTuple_Check(names) && PyTuple_GET_SIZE(names) == fields;
    Py_DECREF(names);
    if (!right) {
        PyErr_Format(PyExc_TypeError, "the type %s must have %zd fields", name, fields);
        return NULL;
    }
    return (PyTypeObject *)value;
}

static int get_three(PyObject *values, double *numbers) {
    PyObject *tuple = PySequence_Tuple(values);
    int done = tuple == NULL ? -1
                             : PyArg_ParseTuple(tuple, "ddd", &numbers[0], &numbers[1],
                                                &numbers[2]) - 1;
    Py_XDECREF(tuple);
    return done;
}

static int get_threes(PyObject *settings, const char *name, double *numbers) {
    PyObject *values = get(settings, name);
    return values == NULL ? -1 : get_three(values, numbers);
}

static int fill_rules(Engine *self, PyObject *rules, Py_ssize_t missing) {
    Py_ssize_t i;
    self->rule_count = PyTuple_GET_SIZE(rules);
    self->rules = PyMem_Calloc((size_t)self->rule_count + 1, sizeof(Rule));
    if (self->rules == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (i = 0; i < self->rule_count; i++) {
        Rule *rule = &self->rules[i];
        PyObject *replace;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(rules, i), "i(ddd)ippidUUUO!",
                              &rule->dimension, &rule->weights[0], &rule->weights[1],
                              &rule->weights[2], &rule->form, &rule->neutral, &rule->replaced,
                              &rule->missing, &rule->strength, &rule->id, &rule->practice,
                              &rule->hint, &PyList_Type, &replace)) {
            return -1;
        }
        if (rule->dimension < 0 || rule->dimension >= DIMENSIONS ||
            rule->form >= self->form_count || rule->missing >= missing) {
            PyErr_SetString(PyExc_ValueError, "a rule's settings are out of range");
            return -1;
        }
        rule->has_hint = PyUnicode_GET_LENGTH(rule->hint) > 0;
        rule->replace = PyList_GET_SIZE(replace) ? replace : NULL;
    }
    return 0;
}

static int fill(Engine *self, const State *state, PyObject *reader, PyObject *walkers,
                PyObject *settings) {
    PyObject *forms, *rules, *value, *columns;
    Py_ssize_t i, total = 0;
    self->settings = Py_NewRef(settings);
    self->reader = (Reader *)Py_NewRef(reader);
    self->term_room = self->reader->word_count;
    self->term_memory = PyMem_Calloc((size_t)self->term_room + 2, sizeof(Term));
    self->walkers = PyMem_Calloc((size_t)PyTuple_GET_SIZE(walkers) + 1, sizeof(Walker *));
    self->infos = PyMem_Calloc((size_t)PyTuple_GET_SIZE(walkers) + 1, sizeof(Info **));
    if (self->term_memory == NULL || self->walkers == NULL || self->infos == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->terms = (Term *)((char *)self->term_memory + sizeof(Term) -
                           (uintptr_t)self->term_memory % sizeof(Term));
    for (i = 0; i < PyTuple_GET_SIZE(walkers); i++) {
        value = PyTuple_GET_ITEM(walkers, i);
        if (!Py_IS_TYPE(value, state->walker_type)) {
            PyErr_SetString(PyExc_TypeError, "walkers must be of the type Walker");
            return -1;
        }
        if (i > 0) {
            self->infos[i] = PyMem_Calloc((size_t)self->term_room + 1, sizeof(Info *));
            if (self->infos[i] == NULL) {
                PyErr_NoMemory();
                return -1;
            }
        }
        self->walkers[self->walker_count++] = (Walker *)Py_NewRef(value);
        total += ((Walker *)value)->rules;
    }
    if ((forms = get_tuple(settings, "forms", 0, DIMENSIONS)) == NULL) {
        return -1;
    }
    self->form_count = PyTuple_GET_SIZE(forms);
    self->forms = PyMem_Calloc((size_t)self->form_count + 1, sizeof(*self->forms));
    if (self->forms == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (i = 0; i < self->form_count; i++) {
        if (get_three(PyTuple_GET_ITEM(forms, i), self->forms[i]) < 0) {
            return -1;
        }
    }
    if (get_count(settings, "short_words", &self->short_words) < 0) {
        return -1;
    }
    if (self->short_words < 1 || self->short_words > MOST_SHORT) {
        PyErr_SetString(PyExc_ValueError, "short_words is too small or too large");
        return -1;
    }
    if (get_threes(settings, "base", self->base) < 0 ||
        get_threes(settings, "shift", self->shift) < 0 ||
        get_threes(settings, "steeper", self->steeper) < 0 ||
        get_threes(settings, "lift", self->lift) < 0 ||
        get_number(settings, "register_base", &self->register_base) < 0 ||
        get_number(settings, "register_scale", &self->register_scale) < 0 ||
        get_threes(settings, "margin", self->margin) < 0 ||
        get_number(settings, "enough", &self->enough) < 0 ||
        get_number(settings, "sharpness", &self->sharpness) < 0 ||
        get_threes(settings, "evidence_least", self->least) < 0 ||
        get_number(settings, "scale", &self->scale) < 0 ||
        get_number(settings, "repeat", &self->repeat) < 0 ||
        get_number(settings, "least_score", &self->least_score) < 0 ||
        get_number(settings, "clear", &self->clear) < 0 ||
        get_number(settings, "unknown_share", &self->unknown_share) < 0 ||
        get_count(settings, "least_size", &self->least_size) < 0 ||
        get_count(settings, "most_size", &self->most_size) < 0 ||
        get_count(settings, "least_words", &self->least_words) < 0 ||
        get_count(settings, "most", &self->most) < 0 ||
        get_count(settings, "most_telling", &self->most_telling) < 0 ||
        get_threes(settings, "more", self->more) < 0 ||
        get_threes(settings, "alone", self->alone) < 0 ||
        (self->numbers = get(settings, "numbers")) == NULL ||
        (self->firsts = get(settings, "firsts")) == NULL ||
        (self->start_word = get(settings, "start_word")) == NULL ||
        (columns = get_tuple(settings, "columns", WEIGHTS, 0)) == NULL ||
        (self->dimensions = get_tuple(settings, "dimensions", DIMENSIONS, 0)) == NULL ||
        (self->lexicon_ids = get_tuple(settings, "lexicon_ids", DIMENSIONS, 0)) == NULL ||
        (self->context_ids = get_tuple(settings, "context_ids", DIMENSIONS, 0)) == NULL ||
        (self->lexicon_hints = get_tuple(settings, "lexicon_hints", 2, 3)) == NULL ||
        (self->missing = get_tuple(settings, "missing", 0, 7)) == NULL ||
        (self->engine = get(settings, "engine")) == NULL ||
        (self->base_scores = get(settings, "base_scores")) == NULL ||
        (self->note = get_tuple(settings, "note", 1, 0)) == NULL ||
        (self->pause = get(settings, "pause")) == NULL ||
        (self->foreign = get(settings, "foreign")) == NULL ||
        (self->place = get(settings, "place")) == NULL ||
        (self->lacks = get(settings, "lacks")) == NULL ||
        (self->trim = get(settings, "trim")) == NULL ||
        (self->trimmed = get(settings, "trimmed")) == NULL ||
        (self->analysis_type = get_type(settings, "Analysis", 12)) == NULL ||
        (self->scores_type = get_type(settings, "Scores", DIMENSIONS)) == NULL ||
        (self->span_type = get_type(settings, "Span", 2)) == NULL ||
        (self->evidence_type = get_type(settings, "Evidence", 4)) == NULL ||
        (self->hint_type = get_type(settings, "Hint", 7)) == NULL ||
        (self->sentence_type = get_type(settings, "SentenceAnalysis", 2)) == NULL ||
        (rules = get_tuple(settings, "rules", 0, 11)) == NULL) {
        return -1;
    }
    self->missing_count = PyTuple_GET_SIZE(self->missing);
    for (i = 0; i < WEIGHTS; i++) {
        Py_buffer *column = &self->columns[i];
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(columns, i), column,
                               PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) {
            return -1;
        }
        self->column_count++;
        if (column->format == NULL || strcmp(column->format, "h") != 0) {
            PyErr_SetString(PyExc_TypeError, "the setting columns must hold numbers of 16 bits");
            return -1;
        }
    }
    if (!PyDict_Check(self->numbers) || !PyDict_Check(self->firsts) ||
        !PyAnySet_Check(self->trimmed) ||
        !PyUnicode_Check(self->start_word) || PyTuple_GET_SIZE(rules) != total) {
        PyErr_SetString(PyExc_TypeError, "the settings do not fit the rules");
        return -1;
    }
    return fill_rules(self, rules, self->missing_count);
}

static PyObject *engine_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    PyObject *reader, *walkers, *settings;
    State *state = PyType_GetModuleState(type);
    Engine *self;
    if (state == NULL) {
        return NULL;
    }
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs)) ||
        !PyArg_ParseTuple(args, "O!O!O!", state->reader_type, &reader, &PyTuple_Type,
                          &walkers, &PyDict_Type, &settings)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "Engine takes no keyword arguments");
        }
        return NULL;
    }
    self = (Engine *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    if ((settings = PyDict_Copy(settings)) == NULL ||
        fill(self, state, reader, walkers, settings) < 0) {
        Py_XDECREF(settings);
        Py_DECREF(self);
        return NULL;
    }
    Py_DECREF(settings);
    return (PyObject *)self;
}

static void engine_dealloc(Engine *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_ssize_t i;
    engine_forget(self);
    for (i = 0; i < self->column_count; i++) {
        PyBuffer_Release(&self->columns[i]);
    }
    for (i = 0; i < self->walker_count; i++) {
        Py_DECREF(self->walkers[i]);
        PyMem_Free(self->infos[i]);
    }
    PyMem_Free(self->term_memory);
    PyMem_Free(self->walkers);
    PyMem_Free(self->infos);
    PyMem_Free(self->forms);
    PyMem_Free(self->rules);
    Py_XDECREF(self->reader);
    Py_XDECREF(self->settings);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef engine_methods[] = {
    {"analyze", (PyCFunction)engine_analyze, METH_O, "The analysis of a text, or None."},
    {"answer", (PyCFunction)engine_answer, METH_O, "The same without a pause."},
    {"score", (PyCFunction)engine_score, METH_VARARGS, "Scores of many texts."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot engine_slots[] = {
    {Py_tp_new, engine_new},
    {Py_tp_dealloc, engine_dealloc},
    {Py_tp_methods, engine_methods},
    {Py_tp_doc, "Reading, matching, scoring and hints in one."},
    {0, NULL},
};

PyType_Spec engine_spec = {
    .name = "calmtone._speedups.Engine",
    .basicsize = sizeof(Engine),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = engine_slots,
};
