/* The module `calmtone._speedups`: four types, and the memory that their calls share. */
#include "native.h"

int grow(Buffer *buffer, size_t count, size_t each) {
    size_t bytes;
    if (count > (size_t)PY_SSIZE_T_MAX / 2 / each) {
        PyErr_NoMemory();
        return -1;
    }
    bytes = count * each;
    if (bytes > buffer->size) {
        void *data;
        bytes += bytes / 2 + 256;
        data = PyMem_RawRealloc(buffer->data, bytes);
        if (data == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        buffer->data = data;
        buffer->size = bytes;
    }
    return 0;
}

PyObject *get_item(PyObject *dict, const char *name) {
    PyObject *key = PyUnicode_FromString(name), *value;
    if (key == NULL) {
        return NULL;
    }
    value = PyDict_GetItemWithError(dict, key); /* PyDict_GetItemString hides errors */
    Py_DECREF(key);
    return value;
}

/* One scratch waits for the next text, unless a long text has made it large. */
#define MOST_SPARE (1 << 20)
static Scratch *spare;

Scratch *take_scratch(void) {
    Scratch *scratch = spare;
    spare = NULL;
    if (scratch == NULL) {
        scratch = PyMem_RawCalloc(1, sizeof(Scratch));
        if (scratch == NULL) {
            PyErr_NoMemory();
        }
    }
    return scratch;
}

void give_scratch(Scratch *scratch) {
    Buffer *buffers = (Buffer *)scratch;
    size_t i, count = sizeof(Scratch) / sizeof(Buffer), total = 0;
    if (scratch == NULL) {
        return;
    }
    for (i = 0; i < count; i++) {
        total += buffers[i].size;
    }
    if (spare == NULL && total <= MOST_SPARE) {
        spare = scratch;
        return;
    }
    for (i = 0; i < count; i++) {
        PyMem_RawFree(buffers[i].data);
    }
    PyMem_RawFree(scratch);
}

static PyTypeObject *add_type(PyObject *module, PyType_Spec *spec) {
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    if (type != NULL && PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_CLEAR(type);
    }
    return (PyTypeObject *)type;
}

static int run(PyObject *module) {
    State *state = PyModule_GetState(module);
    PyTypeObject *engine, *replier;
    if ((state->reader_type = add_type(module, &reader_spec)) == NULL ||
        (state->walker_type = add_type(module, &walker_spec)) == NULL ||
        (engine = add_type(module, &engine_spec)) == NULL) {
        return -1;
    }
    Py_DECREF(engine);
    if ((replier = add_type(module, &replier_spec)) == NULL) {
        return -1;
    }
    Py_DECREF(replier);
    return 0;
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
    State *state = PyModule_GetState(module);
    Py_VISIT(state->reader_type);
    Py_VISIT(state->walker_type);
    return 0;
}

static int clear(PyObject *module) {
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->reader_type);
    Py_CLEAR(state->walker_type);
    return 0;
}

static void free_module(void *module) { clear(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, run}, {0, NULL}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "calmtone._speedups",
    .m_doc = "Reading, matching, scoring and hints, compiled. Optional: see calmtone.compiled.",
    .m_size = sizeof(State),
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = free_module,
};

PyMODINIT_FUNC PyInit__speedups(void) { return PyModuleDef_Init(&definition); }
