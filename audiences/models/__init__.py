from audiences.models.certificates import Certificate
from audiences.models.classes import Classroom, ClassSession, Seat, Tally
from audiences.models.users import User

__all__ = ["Certificate", "ClassSession", "Classroom", "Seat", "Tally", "User"]
