"""A release as an SPDX 2.3 and as a CycloneDX 1.6 document, made by the libraries that keep the formats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from license_expression import get_spdx_licensing
from spdx_tools.spdx.model.actor import Actor, ActorType
from spdx_tools.spdx.model.checksum import Checksum, ChecksumAlgorithm
from spdx_tools.spdx.model.document import CreationInfo, Document
from spdx_tools.spdx.model.extracted_licensing_info import ExtractedLicensingInfo
from spdx_tools.spdx.model.package import Package
from spdx_tools.spdx.model.relationship import Relationship, RelationshipType
from spdx_tools.spdx.model.spdx_no_assertion import SpdxNoAssertion
from spdx_tools.spdx.validation.uri_validators import validate_download_location
from spdx_tools.spdx.writer.json.json_writer import write_document_to_stream

from licenses.expressions import leaves, normalise, parse

TOOL = "Marquee"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document says of one release, or of a part in it.

    ``declared`` and ``concluded`` are expressions or None; ``references`` are the texts of the
    ``LicenseRef-`` names in them; ``created`` has a time zone; ``address`` is where the artifact is had.
    """

    name: str
    version: str
    publisher: str
    address: str
    sha256: str
    created: datetime
    declared: str | None = None
    concluded: str | None = None
    copyrights: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    comment: str | None = None
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a bundle brings along: its folder and its license."""

    name: str
    expression: str | None


def spdx_document(subject: Subject, namespace: str) -> str:
    """Return an SPDX 2.3 document as JSON; ``namespace`` is its own unique address.

    :raises ValueError: what is given makes no valid document (a name with a line end, a wrong address).
    """
    parts = [_spdx_part(number, part, subject) for number, part in enumerate(subject.parts, 1)]
    document = Document(
        CreationInfo(
            spdx_version="SPDX-2.3",
            spdx_id="SPDXRef-DOCUMENT",
            name=f"{subject.name} {subject.version}",
            document_namespace=namespace,
            creators=[Actor(ActorType.TOOL, TOOL)],
            created=subject.created.astimezone(UTC).replace(microsecond=0, tzinfo=None),
            data_license="CC0-1.0",
        ),
        packages=[_spdx_package(subject), *parts],
        extracted_licensing_info=_extracted(subject),
        relationships=[
            Relationship("SPDXRef-DOCUMENT", RelationshipType.DESCRIBES, "SPDXRef-Package"),
            *(Relationship("SPDXRef-Package", RelationshipType.CONTAINS, part.spdx_id) for part in parts),
        ],
    )
    stream = StringIO()
    write_document_to_stream(document, stream, validate=True)
    return stream.getvalue()


def _spdx_package(subject: Subject) -> Package:
    return Package(
        spdx_id="SPDXRef-Package",
        name=subject.name,
        version=subject.version,
        download_location=_location(subject.address),
        source_info=f"The artifact is at {subject.address}",
        supplier=Actor(ActorType.ORGANIZATION, subject.publisher),
        files_analyzed=False,
        checksums=[Checksum(ChecksumAlgorithm.SHA256, subject.sha256)],
        license_concluded=_spdx_license(subject.concluded),
        license_declared=_spdx_license(subject.declared),
        license_comment=subject.comment,
        copyright_text="\n".join(subject.copyrights) or SpdxNoAssertion(),
    )


def _location(address: str) -> str | SpdxNoAssertion:
    """Return the address where SPDX's grammar takes it, which takes no IP address and no ``localhost``."""
    return SpdxNoAssertion() if validate_download_location(address) else address


def _spdx_part(number: int, part: Part, subject: Subject) -> Package:
    return Package(
        spdx_id=f"SPDXRef-Part-{number}",
        name=part.name,
        download_location=SpdxNoAssertion(),
        files_analyzed=False,
        license_concluded=_spdx_license(part.expression),
        license_declared=SpdxNoAssertion(),
        copyright_text=SpdxNoAssertion(),
        comment=f"in {subject.name} {subject.version}",
    )


def _spdx_license(expression: str | None) -> Any:
    if expression is None or expression in {"NOASSERTION", "NONE"}:
        return SpdxNoAssertion()
    return get_spdx_licensing().parse(normalise(expression))


def _extracted(subject: Subject) -> list[ExtractedLicensingInfo]:
    return [
        ExtractedLicensingInfo(
            license_id=name, extracted_text=subject.references.get(name, name), license_name=name
        )
        for name in _references(subject)
    ]


def _references(subject: Subject) -> list[str]:
    given = [subject.declared, subject.concluded, *(part.expression for part in subject.parts)]
    names = {leaf.id for one in given if one for leaf in leaves(parse(one)) if "LicenseRef-" in leaf.id}
    return sorted(names)


def cyclonedx_document(subject: Subject) -> str:
    """Return a CycloneDX 1.6 document as JSON."""
    bom = Bom()
    bom.metadata.timestamp = subject.created
    bom.metadata.tools.components.add(Component(type=ComponentType.APPLICATION, name=TOOL))
    bom.metadata.component = root = _cyclonedx_component(subject)
    for part in subject.parts:
        component = Component(
            type=ComponentType.LIBRARY,
            name=part.name,
            bom_ref=f"part:{part.name}",
            licenses=_cyclonedx_licenses(None, part.expression),
        )
        bom.components.add(component)
        bom.register_dependency(root, [component])
    return JsonV1Dot6(bom).output_as_string(indent=2)


def _cyclonedx_component(subject: Subject) -> Component:
    return Component(
        type=ComponentType.APPLICATION,
        name=subject.name,
        version=subject.version,
        publisher=subject.publisher,
        bom_ref=f"release:{subject.sha256}",
        copyright="\n".join(subject.copyrights) or None,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=subject.sha256)],
        licenses=_cyclonedx_licenses(subject.declared, subject.concluded),
        external_references=[
            ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(subject.address))
        ],
    )


def _cyclonedx_licenses(declared: str | None, concluded: str | None) -> list[LicenseExpression]:
    """Return the one expression that CycloneDX has room for: the concluded, else the declared."""
    if concluded:
        return [LicenseExpression(concluded, acknowledgement=LicenseAcknowledgement.CONCLUDED)]
    if declared:
        return [LicenseExpression(declared, acknowledgement=LicenseAcknowledgement.DECLARED)]
    return []
