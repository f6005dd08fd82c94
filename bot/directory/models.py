"""The directory's tables, with the names of Open Referral HSDS 3.0."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table, Text
from sqlalchemy.orm import relationship

from bot.database import Base

service_taxonomy = Table(
    "service_taxonomy",
    Base.metadata,
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
    Column("taxonomy_term_id", ForeignKey("taxonomy_term.id"), primary_key=True),
    Column("position", Integer, nullable=False),
)


class DirectoryVersion(Base):
    """Which data files are loaded: their fingerprint."""

    __tablename__ = "directory_version"

    fingerprint = Column(String(64), primary_key=True)


class Organization(Base):
    """Who runs a service."""

    __tablename__ = "organization"

    id = Column(String(80), primary_key=True)
    name = Column(Text, nullable=False)
    services = relationship("Service", back_populates="organization")


class TaxonomyTerm(Base):
    """A need that a service answers; `code` is also the end of the intent `need_CODE`."""

    __tablename__ = "taxonomy_term"

    id = Column(String(40), primary_key=True)
    name = Column(Text, nullable=False)
    description = Column(Text, nullable=False)
    intent = Column(String(40), nullable=False, default="")


class Location(Base):
    """Where a service is given; coordinates are the commune's centre, right to about 1 km."""

    __tablename__ = "location"

    id = Column(Integer, primary_key=True)
    street = Column(Text, nullable=False, default="")
    postal_code = Column(String(8), nullable=False, default="")
    commune = Column(Text, nullable=False, default="", index=True)
    locality = Column(Text, nullable=False, default="")
    latitude = Column(Float)
    longitude = Column(Float)
    hidden = Column(Boolean, nullable=False, default=False)


class Phone(Base):
    """A number to dial, written as on the source's page."""

    __tablename__ = "phone"

    id = Column(Integer, primary_key=True)
    service_id = Column(ForeignKey("service.id", ondelete="CASCADE"), nullable=False, index=True)
    number = Column(Text, nullable=False)
    position = Column(Integer, nullable=False)


class Schedule(Base):
    """Opening hours in OpenStreetMap's syntax; none means "not known"."""

    __tablename__ = "schedule"

    id = Column(Integer, primary_key=True)
    service_id = Column(ForeignKey("service.id", ondelete="CASCADE"), nullable=False, index=True)
    opening_hours = Column(Text, nullable=False)


class Service(Base):
    """What somebody can get, and how far what is said of it can be trusted."""

    __tablename__ = "service"

    id = Column(String(80), primary_key=True)
    name = Column(Text, nullable=False)
    alternate_names = Column(Text, nullable=False, default="")
    description = Column(Text, nullable=False)
    organization_id = Column(ForeignKey("organization.id"), nullable=False, index=True)
    location_id = Column(ForeignKey("location.id"), nullable=False)
    service_area = Column(Text, nullable=False, default="")
    website = Column(Text, nullable=False, default="")
    languages = Column(Text, nullable=False, default="")
    cost = Column(Text, nullable=False, default="")
    eligibility = Column(Text, nullable=False, default="")
    audience_only = Column(Text, nullable=False, default="")
    audience_preferred = Column(Text, nullable=False, default="")
    access = Column(String(20), nullable=False, default="")
    conditions = Column(Text, nullable=False, default="")
    level = Column(String(4), nullable=False)
    field_levels = Column(Text, nullable=False, default="")
    source_url = Column(Text, nullable=False, default="")
    verified_on = Column(String(10), nullable=False, default="")
    status = Column(String(10), nullable=False, index=True)
    seasonal = Column(Boolean, nullable=False, default=False)

    organization = relationship("Organization", back_populates="services", lazy="joined")
    location = relationship("Location", lazy="joined")
    phones = relationship("Phone", order_by="Phone.position", lazy="selectin")
    schedules = relationship("Schedule", lazy="selectin")
    taxonomy_terms = relationship(
        "TaxonomyTerm",
        secondary=service_taxonomy,
        order_by=service_taxonomy.c.position,
        lazy="selectin",
    )
