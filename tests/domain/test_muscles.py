from bot.domain.exercise import Muscle
from bot.domain.muscles import GROUP, MuscleGroup, trained


def test_every_muscle_has_a_group():
    assert set(GROUP) == set(Muscle)
    assert set(GROUP.values()) == set(MuscleGroup)


def test_a_completion_counts_once_for_each_group_it_is_for(library):
    steps, march = library.catalogue.get("monster-steps"), library.catalogue.get("a-march")
    totals = dict(trained([(steps, 3), (march, 2)]))
    for group in MuscleGroup:
        times = sum(
            n
            for exercise, n in ((steps, 3), (march, 2))
            if group in {GROUP[muscle] for muscle in exercise.primary_muscles}
        )
        assert totals.get(group, 0) == times


def test_what_was_trained_most_comes_first(library):
    totals = trained([(exercise, n) for n, exercise in enumerate(library.catalogue)])
    times = [n for _, n in totals]
    assert times == sorted(times, reverse=True)
    assert trained([]) == ()
