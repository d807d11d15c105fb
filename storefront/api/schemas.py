"""How the API's description writes what is answered: a field that is always sent is required, also one with a default.

Forms of requests refuse unknown fields. The framework describes them, as fields with a default may be left out there.
"""

from dataclasses import dataclass, replace
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import msgspec
from litestar._openapi.schema_generation.plugins.struct import StructSchemaPlugin
from litestar.openapi.spec import Reference, Schema
from litestar.openapi.spec.base import BaseSchemaObject
from litestar.params import KwargDefinition
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from catalog.kernel.pages import Page

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator


class AnswerSchemas(OpenAPISchemaPlugin):
    """Each form is one component under its own name, with its docstring and an example."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Typed dicts, dataclasses, and structs that are no forms of requests."""
        if field_definition.is_typeddict_type or field_definition.is_dataclass_type:
            return True
        return _is_struct(field_definition) and not _is_form(field_definition)

    def to_openapi_schema(  # type: ignore[override]  # the framework takes a reference from a plugin as well
        self, field_definition: FieldDefinition, schema_creator: "SchemaCreator"
    ) -> Schema | Reference:
        """The component, or where it stands."""
        field, registry = _named(field_definition), schema_creator.schema_registry
        if (known := registry.get_reference_for_field_definition(field)) is not None:
            return known
        hints = field.get_type_hints(include_extras=True, resolve_generics=True)
        schema = schema_creator.create_component_schema(
            field,
            required=sorted(getattr(field.type_, "__required_keys__", hints)),
            property_fields={name: FieldDefinition.from_kwarg(hint, name) for name, hint in hints.items()},
            title=_name(field),
            examples=[_Example(_examples()[_name(field)])] if _name(field) in _examples() else None,
        )
        schema.description = cleandoc(field.type_.__doc__ or "")
        return registry.get_reference_for_field_definition(field) or schema


class FormSchemas(StructSchemaPlugin):
    """Forms of requests, each with an example."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Structs that refuse unknown fields."""
        return _is_struct(field_definition) and _is_form(field_definition)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: "SchemaCreator") -> Schema:
        """As the framework writes it, and the example."""
        schema = super().to_openapi_schema(field_definition, schema_creator)
        if (name := _name(field_definition)) in _examples():
            schema.examples = [_Example(_examples()[name])]
        return schema


@dataclass
class _Example(BaseSchemaObject):
    """An example as it stands: the framework would leave out its nulls."""

    value: dict[str, Any]

    def to_schema(self) -> dict[str, Any]:
        return self.value


@cache
def _examples() -> dict[str, Any]:
    """By the form's name, for forms of bodies and of answers by themselves or in a list; read with the first wish."""
    here, found = Path(__file__).parent, dict[str, Any]()
    for stored in (here / "requests.json", here / "answers" / "examples.json"):
        found |= msgspec.json.decode(stored.read_bytes())
    return found


def _is_struct(field: FieldDefinition) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, msgspec.Struct)


def _is_form(field: FieldDefinition) -> bool:
    return bool(field.annotation.__struct_config__.forbid_unknown_fields)


def _named(field: FieldDefinition) -> FieldDefinition:
    return replace(field, kwarg_definition=KwargDefinition(schema_component_key=_name(field)))


def _name(field: FieldDefinition) -> str:
    """A page is named for what it lists."""
    if get_origin(field.annotation) is Page:
        return f"{_name(field.inner_types[0])}Page"
    return str(field.type_.__name__)
