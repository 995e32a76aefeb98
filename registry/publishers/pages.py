"""The pages of publishers: who makes this, and who may act for it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.errors import MarqueeError, fault
from registry.listings.service import Search, search_listings
from registry.publishers import service
from registry.publishers.models import MemberRole
from registry.web.access import account_only, admin_only, current_actor, public
from registry.web.forms import faults_of

publishers = Blueprint("publishers", __name__, url_prefix="/publishers")
ROLES = (
    (MemberRole.OWNER.value, "Owner: everything"),
    (MemberRole.MAINTAINER.value, "Maintainer: releases"),
    (MemberRole.UPLOADER.value, "Uploader: uploads only"),
)


@publishers.get("/new")
@account_only
def create() -> str:
    """Ask for a publisher."""
    return render_template("publishers/create.html", values={}, faults={})


@publishers.post("/new")
@account_only
def do_create() -> tuple[str, int] | Redirect:
    """Make a publisher."""
    values = request.form
    try:
        made = service.create_publisher(
            slug=values.get("slug", ""), name=values.get("name", ""), website=values.get("website") or None,
            about=values.get("about", ""), by=current_actor(),
        )  # fmt: skip
    except MarqueeError as error:
        page = render_template("publishers/create.html", values=values, faults=faults_of(error, "slug"))
        return page, error.status
    flash(f"{made.name} is yours. Upload its first release.", "ok")
    return redirect(url_for("uploads_pages.publish"))


@publishers.get("/<slug>")
@public
def show(slug: str) -> str:
    """Answer: who makes this?"""
    return _page(slug, {}, {})


@publishers.post("/<slug>")
@account_only
def change(slug: str) -> tuple[str, int] | Redirect:
    """Change what it says of itself."""
    values = request.form
    try:
        service.change_publisher(
            slug, name=values.get("name"), website=values.get("website"), about=values.get("about"),
            by=current_actor(),
        )  # fmt: skip
    except MarqueeError as error:
        return _page(slug, values.to_dict(), faults_of(error, "name")), error.status
    flash("Changed.", "ok")
    return redirect(url_for("publishers.show", slug=slug))


@publishers.post("/<slug>/members")
@account_only
def set_member(slug: str) -> tuple[str, int] | Redirect:
    """Give an account a role."""
    try:
        role = _role(request.form.get("role", "uploader"))
        service.set_member(slug, email=request.form.get("email", ""), role=role, by=current_actor())
    except MarqueeError as error:
        return _page(slug, request.form.to_dict(), faults_of(error, "email")), error.status
    flash("Done; they got a mail about it.", "ok")
    return redirect(url_for("publishers.show", slug=slug))


@publishers.post("/<slug>/members/<uuid:account_id>/remove")
@account_only
def remove_member(slug: str, account_id: UUID) -> Redirect:
    """Take an account out."""
    try:
        service.remove_member(slug, account_id, by=current_actor())
    except MarqueeError as error:
        flash(error.detail, "bad")
    else:
        flash("Removed.", "ok")
    return redirect(url_for("publishers.show", slug=slug))


@publishers.post("/<slug>/party")
@admin_only
def mark(slug: str) -> Redirect:
    """Say whether the operator runs it."""
    first = request.form.get("first_party") == "yes"
    service.mark_first_party(slug, first_party=first, by=current_actor())
    flash("It is first party now." if first else "It is third party now.", "ok")
    return redirect(url_for("publishers.show", slug=slug))


def _role(name: str) -> MemberRole:
    if name not in set(MemberRole):
        raise fault("role", f"The role is one of {', '.join(MemberRole)}.")
    return MemberRole(name)


def _page(slug: str, values: dict[str, str], faults: dict[str, str]) -> str:
    actor = current_actor()
    publisher = service.get_publisher(slug)
    page = search_listings(Search(publisher=slug), cursor=request.args.get("cursor"))
    return render_template(
        "publishers/show.html",
        publisher=publisher, listings=page.rows, next=page.next_cursor, values=values, faults=faults,
        members=service.list_members(publisher, by=actor), owns=actor.owns(publisher.id), roles=ROLES,
    )  # fmt: skip
