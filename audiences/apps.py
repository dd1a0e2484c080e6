from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "audiences"

    def ready(self):
        from audiences import class_sessions, own_data  # noqa: F401 - what they do when something is deleted
