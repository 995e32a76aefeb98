"""The API of publishers and their members."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from registry.publishers import schemas, service
from registry.publishers.models import Publisher
from registry.web.access import account_only, admin_only, current_actor, public
from registry.web.limits import limited

publishers = APIBlueprint("publishers_api", __name__, url_prefix="/api/v1/publishers", tag="Publishers")


def _who() -> str:
    return str(current_actor().account_id)


def _show(publisher: Publisher) -> dict[str, Any]:
    actor = current_actor()
    with_email = actor.owns(publisher.id) or actor.is_admin
    members = [
        schemas.MemberOut.of(membership, account, with_email=with_email)
        for membership, account in service.list_members(publisher, by=actor)
    ]
    return schemas.PublisherOut.of(publisher, members or None).model_dump()


@publishers.post("")
@publishers.input(schemas.MakePublisher, arg_name="body")
@publishers.output(schemas.PublisherOut, status_code=201)
@publishers.doc(security="token")
@account_only
@limited("60 per hour", by=_who)
def make(body: schemas.MakePublisher) -> dict[str, Any]:
    """Make a publisher that you own."""
    made = service.create_publisher(
        slug=body.slug, name=body.name, website=body.website, about=body.about, by=current_actor()
    )
    return schemas.PublisherOut.of(made, None).model_dump()


@publishers.get("/<slug>")
@publishers.output(schemas.PublisherOut)
@public
def show(slug: str) -> dict[str, Any]:
    """Show a publisher; its members are shown to members only."""
    return _show(service.get_publisher(slug))


@publishers.patch("/<slug>")
@publishers.input(schemas.ChangePublisher, arg_name="body")
@publishers.output(schemas.PublisherOut)
@publishers.doc(security="token")
@account_only
def change(slug: str, body: schemas.ChangePublisher) -> dict[str, Any]:
    """Change what a publisher shows. For owners."""
    changed = service.change_publisher(
        slug, name=body.name, website=body.website, about=body.about, by=current_actor()
    )
    return _show(changed)


@publishers.put("/<slug>/party")
@publishers.input(schemas.MarkParty, arg_name="body")
@publishers.output(schemas.PublisherOut)
@publishers.doc(security="token")
@admin_only
def mark_party(slug: str, body: schemas.MarkParty) -> dict[str, Any]:
    """Say whether the operator runs this publisher. For admins."""
    return _show(service.mark_first_party(slug, first_party=body.first_party, by=current_actor()))


@publishers.post("/<slug>/members")
@publishers.input(schemas.SetMember, arg_name="body")
@publishers.output(schemas.MemberOut, status_code=201)
@publishers.doc(security="token")
@account_only
@limited("60 per hour", by=_who)
def set_member(slug: str, body: schemas.SetMember) -> dict[str, Any]:
    """Give an account a role, or another role. For owners."""
    membership, account = service.set_member(slug, email=body.email, role=body.role, by=current_actor())
    return schemas.MemberOut.of(membership, account, with_email=True).model_dump()


@publishers.delete("/<slug>/members/<uuid:account_id>")
@publishers.output({}, status_code=204)
@publishers.doc(security="token")
@account_only
def remove_member(slug: str, account_id: UUID) -> str:
    """Take an account out, or leave yourself. There is always an owner left."""
    service.remove_member(slug, account_id, by=current_actor())
    return ""
