"""Classes and sessions: teachers' pages below `class/`, pupils' at `join/` and `seat/`."""

from django.urls import path

from audiences import class_views, result_views, seat_views, session_views

urlpatterns = [
    path("join/", seat_views.join, name="join"),
    path("join/<slug:code>/", seat_views.join, name="join_with_code"),
    path("seat/", seat_views.seat, name="seat"),
    path("seat/leave/", seat_views.leave, name="leave_seat"),
    path("class/", class_views.classrooms, name="classrooms"),
    path("class/new/", class_views.new, name="new_classroom"),
    path("class/<uuid:classroom>/", class_views.classroom, name="classroom"),
    path("class/<uuid:classroom>/edit/", class_views.edit, name="edit_classroom"),
    path("class/<uuid:classroom>/delete/", class_views.delete, name="delete_classroom"),
    path("class/<uuid:classroom>/results/", result_views.class_results, name="class_results"),
    path("class/<uuid:classroom>/results/<slug:kind>/", result_views.class_export, name="class_export"),
    path("class/<uuid:classroom>/open/<uuid:lesson>/", class_views.open_lesson, name="open_session"),
    path("session/<uuid:session>/", session_views.control, name="session"),
    path("session/<uuid:session>/state/<str:key>/", session_views.state, name="session_state"),
    path("session/<uuid:session>/act/", session_views.act, name="session_act"),
    path("session/<uuid:session>/wall/", session_views.wall, name="wall"),
    path("session/<uuid:session>/revealed/<slug:item>/", session_views.revealed, name="revealed"),
    path("session/<uuid:session>/paper/", session_views.paper, name="paper"),
    path("session/<uuid:session>/sheet/<slug:name>/", session_views.sheet, name="sheet"),
    path("session/<uuid:session>/results/", result_views.results, name="results"),
    path("session/<uuid:session>/results/<slug:kind>/", result_views.export, name="export"),
]
