from django.urls import path

from quizzes import api

app_name = "quizzes"
urlpatterns = [
    path("attempts/", api.begin, name="begin"),
    path("attempts/<uuid:attempt>/", api.show, name="show"),
    path("attempts/<uuid:attempt>/responses/<str:item>/", api.save, name="save"),
    path("attempts/<uuid:attempt>/responses/<str:item>/check/", api.check, name="check"),
    path("attempts/<uuid:attempt>/submit/", api.submit, name="submit"),
]
