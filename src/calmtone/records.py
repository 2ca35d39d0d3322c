"""Named tuples in the class syntax of `typing.NamedTuple`, without importing `typing`.

To import `typing` takes longer than all of calmtone; type checkers see the real thing. What
`collections.namedtuple` compiles for every class is compiled here when the first one is made.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:
    try:
        from _collections import _tuplegetter as _getter
    except ImportError:

        def _getter(index, doc):
            return property(lambda self: tuple.__getitem__(self, index), doc=doc)

    def _first_new(cls, *args, **kwargs):
        """Stands for `__new__` of a class until the first record of it is made."""
        for made in cls.__mro__:
            if made.__dict__.get("__new__") is _first_new_method:
                names = ", ".join(made._fields)
                space = {"_new": tuple.__new__, "__builtins__": {}}
                new = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", space)
                new.__name__ = "__new__"
                new.__qualname__ = f"{made.__name__}.__new__"
                made.__new__ = new
        return cls.__new__(cls, *args, **kwargs)

    _first_new_method = staticmethod(_first_new)

    class _Record(tuple):
        """What named tuples have in common; as in `collections.namedtuple`."""

        __slots__ = ()

        @classmethod
        def _make(cls, iterable):
            made = tuple.__new__(cls, iterable)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **values):
            made = self._make(map(values.pop, self._fields, self))
            if values:
                raise ValueError(f"Got unexpected field names: {list(values)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join([f"{n}={v!r}" for n, v in zip(self._fields, self, strict=True)])
            return f"{self.__class__.__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    class _Fields(type):
        """Makes a named tuple of a class's annotations, and gives it the class's methods."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            space = {
                **body,
                **{
                    field: _getter(index, f"Alias for field number {index}")
                    for index, field in enumerate(fields)
                },
                "__slots__": (),
                "__match_args__": fields,
                "__new__": _first_new_method,
                "_fields": fields,
                "_field_defaults": {},
            }
            return type(name, (_Record,), space)

    class NamedTuple(metaclass=_Fields):
        """Base of the named tuples."""


__all__ = ["NamedTuple"]
