"""What the request bodies and queries of all domains have in common."""

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A request body; unknown keys are refused, so that nothing is silently dropped."""

    model_config = ConfigDict(extra="forbid")


class PageIn(BaseModel):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(None, description="from the Link header of the page before")
