"""The API of one file of a release: its lines, or how they differ from another release's."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from registry.review.file_schemas import FileIn, FileOut
from registry.review.files import compare_file, open_file
from registry.web.access import account_only, current_actor
from registry.web.limits import limited

files_api = APIBlueprint("files_api", __name__, url_prefix="/api/v1", tag="Files")


@files_api.get("/releases/<uuid:release_id>/files/<path:path>")
@files_api.input(FileIn, location="query", arg_name="asked")
@files_api.output(FileOut)
@files_api.doc(security="token", description="For moderators (scope review) and members of its publisher.")
@account_only
@limited("120 per minute", by=lambda: str(current_actor().account_id))
def read_file(release_id: UUID, path: str, asked: FileIn) -> dict[str, Any]:
    """Read a part of one file of a release, or with ``against`` how its lines differ from that release's."""
    actor = current_actor()
    if asked.against is not None:
        found = compare_file(release_id, path, against=asked.against, by=actor)
        return FileOut.compared(found).model_dump()
    return FileOut.opened(open_file(release_id, path, line=asked.line, by=actor)).model_dump()
