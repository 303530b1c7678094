"""Addresses of this room. They hold ids, never names."""

from django.urls import URLPattern, path

from hocvu.classes.views import bridge_points, check_in, classes, learners, rolls, timetable

app_name = "classes"
urlpatterns: list[URLPattern] = [
    path("classes/", classes.class_list, name="list"),
    path("classes/open/", classes.open_class, name="open"),
    path("classes/<int:class_id>/", classes.detail, name="detail"),
    path("classes/<int:class_id>/close/", classes.close, name="close"),
    path(
        "classes/<int:class_id>/bridge-points/",
        bridge_points.bridge_point_list,
        name="bridge_points",
    ),
    path("classes/<int:class_id>/bridge-points/add/", bridge_points.add, name="add_bridge_points"),
    path("classes/<int:class_id>/learners/", learners.learner_list, name="learners"),
    path("classes/<int:class_id>/learners/enrol/", learners.enrol, name="enrol"),
    path("classes/<int:class_id>/learners/enrol-unit/", learners.enrol_unit, name="enrol_unit"),
    path("classes/<int:class_id>/learners/print/", learners.print_list, name="print_list"),
    path("enrolments/<int:enrolment_id>/withdraw/", learners.withdraw, name="withdraw"),
    path("bridge-points/<int:point_id>/", bridge_points.bridge_point, name="bridge_point"),
    path(
        "bridge-points/<int:point_id>/appoint/<slug:duty>/", bridge_points.appoint, name="appoint"
    ),
    path("classes/<int:class_id>/supervisor/", timetable.supervisor, name="supervisor"),
    path("sessions/<int:session_id>/", rolls.session_board, name="session"),
    path("sessions/<int:session_id>/move/", timetable.move, name="move"),
    path("sessions/<int:session_id>/call-off/", timetable.call_off, name="call_off"),
    path("rolls/", rolls.duties, name="duties"),
    path("rolls/<int:roll_id>/", rolls.roll, name="roll"),
    path("rolls/<int:roll_id>/open/", rolls.open_roll, name="open_roll"),
    path("rolls/<int:roll_id>/mark/", rolls.mark, name="mark"),
    path("rolls/<int:roll_id>/marks/", rolls.marks, name="marks"),
    path("rolls/<int:roll_id>/code/", rolls.code, name="code"),
    path("rolls/<int:roll_id>/close/", rolls.close, name="close_roll"),
    path("rolls/<int:roll_id>/sheet/", rolls.sheet, name="sheet"),
    path("rolls/<int:roll_id>/learners/<int:enrolment_id>/", rolls.learner, name="roll_learner"),
    path("check-in/", check_in.check_in, name="check_in"),
    path("check-in/<int:roll_id>/", check_in.checked_in, name="checked_in"),
    path("c/<str:token>/", check_in.scan, name="scan"),
]
