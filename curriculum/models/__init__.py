"""What is taught: the page tree, and the records that its pages share."""

from curriculum.models.access import OpenToAll
from curriculum.models.guides import GuidePage
from curriculum.models.loaded import LoadedRecord
from curriculum.models.pages import AudiencePage, CoursePage, HomePage, LessonPage
from curriculum.models.plan import Activity, LearningOutcome
from curriculum.models.support import SupportService
from curriculum.models.topics import KeyConcept, Topic

__all__ = [
    "Activity",
    "AudiencePage",
    "CoursePage",
    "GuidePage",
    "HomePage",
    "KeyConcept",
    "LearningOutcome",
    "LessonPage",
    "LoadedRecord",
    "OpenToAll",
    "SupportService",
    "Topic",
]
