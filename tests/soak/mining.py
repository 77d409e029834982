"""Replay an event log on the net of the journey, with a process-mining library: run by that library's own interpreter, not by ours.

`python mining.py LOG.xes NET.json` prints {"traces", "moves", "fitness", "fitting"}. The net is {"initial": state, "arcs": [[source,
trigger, dest], ...]}: a place for each state, a transition for each arc, and a way out of every state, for a case may stand anywhere.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pm4py  # type: ignore[import-not-found]  # it is in an environment of its own
from pm4py.objects.petri_net.obj import Marking, PetriNet  # type: ignore[import-not-found]
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to  # type: ignore[import-not-found]

STEP = "{} > {}"
"""An activity is a trigger with where it led: two arcs of one trigger are two activities."""


def net_of(told: dict[str, Any]) -> tuple[PetriNet, Marking, Marking]:
    """Return the net of a machine's table with its markings."""
    net = PetriNet("journey")
    end = PetriNet.Place("end")
    places = {state: PetriNet.Place(state) for state in {told["initial"], *(state for arc in told["arcs"] for state in arc[::2])}}
    net.places.update({end, *places.values()})
    ways = [(source, dest, f"{source} {trigger} {dest}", STEP.format(trigger, dest)) for source, trigger, dest in told["arcs"]]
    for source, dest, name, label in ways:
        _way(net, places[source], places[dest], name, label)
    for state, place in places.items():
        _way(net, place, end, f"{state} end", None)
    return net, Marking({places[told["initial"]]: 1}), Marking({end: 1})


def _way(net: PetriNet, source: PetriNet.Place, dest: PetriNet.Place, name: str, label: str | None) -> None:
    step = PetriNet.Transition(name, label)
    net.transitions.add(step)
    add_arc_from_to(source, step, net)
    add_arc_from_to(step, dest, net)


def replayed(log: Path, net: Path) -> dict[str, float]:
    """Return how well the moves of a log fit the net: 1.0 is every token where it should be."""
    events = pm4py.read_xes(str(log))
    moves = events[events["casework:kind"] == "moved"].copy()
    moves["concept:name"] = [STEP.format(trigger, dest) for trigger, dest in zip(moves["concept:name"], moves["casework:to"], strict=True)]
    found = pm4py.fitness_token_based_replay(moves, *net_of(json.loads(net.read_text())))
    return {
        "traces": events["case:concept:name"].nunique(),
        "moves": len(moves),
        "fitness": found["log_fitness"],
        "fitting": found["percentage_of_fitting_traces"],
    }


if __name__ == "__main__":
    print(json.dumps(replayed(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201 - what the test reads
