from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self):
        from curriculum.printables import KINDS
        from quizzes.paper import KEY, QUIZ

        KINDS.update({kind.name: kind for kind in (QUIZ, KEY)})
