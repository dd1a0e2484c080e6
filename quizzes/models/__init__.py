from quizzes.models.attempts import Attempt, QuizVersion, Response, State
from quizzes.models.pages import QuizPage

__all__ = ["Attempt", "QuizPage", "QuizVersion", "Response", "State"]
