"""Who may do what, in one place and denied by default.

``can(actor, action, thing)`` answers for one thing, ``visible(actor, queryset)`` for many. Each area's
``permissions`` module declares its actions and scopes here; roles (``kernel.people.roles``) say who is granted which
action; a declared ``scope`` narrows the grant to what the mandate covers (its country, its body).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from corredor.kernel.errors import NotPermitted

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Capacity:
    """One mandate as policy sees it: a role held for a country, an organisation or a body."""

    role: str
    country: str | None = None  # ISO 3166-1 alpha-3
    organisation: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person with the capacities held today, the system itself, or the public."""

    person_id: int | None = None
    name: str = ""
    capacities: tuple[Capacity, ...] = ()
    language: str = "es"
    zone: str = "UTC"
    is_system: bool = False

    @property
    def is_public(self) -> bool:
        return self.person_id is None and not self.is_system

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(capacity.role for capacity in self.capacities)

    @property
    def countries(self) -> frozenset[str]:
        """The countries (ISO alpha-3) this person works for."""
        return frozenset(capacity.country for capacity in self.capacities if capacity.country)


PUBLIC = Actor()
SYSTEM = Actor(name="Corredor", is_system=True)

Scope = Callable[[Capacity, Any], bool]
Visibility = Callable[[Actor, QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done, as the page of roles prints it."""

    name: str
    title: Any
    scope: Scope | None = None
    is_open: bool = False  # anyone, signed in or not
    is_own: bool = False  # anyone signed in, over what is their own: no role is needed


_actions: dict[str, Action] = {}
_grants: dict[str, frozenset[str]] = {}
_visibilities: dict[type[Model], Visibility] = {}


def declare(
    name: str, title: Any, *, scope: Scope | None = None, is_open: bool = False, is_own: bool = False
) -> None:
    """Make an action known. ``scope(capacity, thing)`` narrows a grant; without it a grant covers everything."""
    if name in _actions:
        raise ValueError(f"action {name} is declared twice")
    _actions[name] = Action(name, title, scope, is_open, is_own)


def scope_of(model: type[Model]) -> Callable[[Visibility], Visibility]:
    """Declare what of ``model`` an actor may see, as a function from queryset to queryset."""

    def keep(visibility: Visibility) -> Visibility:
        _visibilities[model] = visibility
        return visibility

    return keep


def actions() -> Iterator[Action]:
    """All declared actions in order of name."""
    return iter(sorted(_actions.values(), key=lambda action: action.name))


def can(actor: Actor, action: str, thing: Any = None) -> bool:
    """Whether ``actor`` may do ``action`` (to ``thing``). What nobody declared, nobody may do."""
    declared = _actions.get(action)
    if declared is None:
        return False
    if declared.is_open or actor.is_system or (declared.is_own and not actor.is_public):
        return True
    granted = granting(actor, action)
    if thing is None or declared.scope is None:
        return bool(granted)
    return any(declared.scope(capacity, thing) for capacity in granted)


def grant(role: str, may: Iterable[str]) -> None:
    """Give a role its actions; the page of roles does so once, at start-up."""
    _grants[role] = frozenset(may)


def granting(actor: Actor, action: str) -> list[Capacity]:
    """The capacities in which ``actor`` is granted ``action``."""
    return [capacity for capacity in actor.capacities if action in _grants.get(capacity.role, frozenset())]


def require(actor: Actor, action: str, thing: Any = None) -> None:
    """Raise ``NotPermitted`` unless ``actor`` may do ``action``."""
    if not can(actor, action, thing):
        raise NotPermitted(action=action)


def visible(actor: Actor, queryset: QuerySet[M]) -> QuerySet[M]:
    """What of ``queryset`` the actor may see; nothing, when no scope was declared for the model."""
    if actor.is_system:
        return queryset
    visibility = _visibilities.get(queryset.model)
    return visibility(actor, queryset) if visibility else queryset.none()


def same_country(attribute: str = "country_id") -> Scope:
    """A scope: the thing's country is the one the mandate is held for. Dots reach through relations."""

    def holds(capacity: Capacity, thing: Any) -> bool:
        for name in attribute.split("."):
            thing = getattr(thing, name)
        return capacity.country is not None and thing == capacity.country

    return holds
