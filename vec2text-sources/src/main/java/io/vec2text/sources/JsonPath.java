package io.vec2text.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where values stand in a JSON document. */
record JsonPath(List<Step> steps) {

  /** A step from a value into one that it holds. */
  sealed interface Step {
    /** Whether it leads to many values. */
    boolean repeats();

    /** Whether it leads out of an object, and not out of an array. */
    boolean ofObject();
  }

  /** To a field. */
  record Field(String name) implements Step {
    @Override
    public boolean repeats() {
      return false;
    }

    @Override
    public boolean ofObject() {
      return true;
    }
  }

  /** To each field of an object whose names are ids. */
  record EachField() implements Step {
    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public boolean ofObject() {
      return true;
    }
  }

  /** To each element of an array. */
  record EachElement() implements Step {
    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public boolean ofObject() {
      return false;
    }
  }

  /** To one element of an array that holds values of different kinds. */
  record Element(int index) implements Step {
    @Override
    public boolean repeats() {
      return false;
    }

    @Override
    public boolean ofObject() {
      return false;
    }
  }

  static final JsonPath ROOT = new JsonPath(List.of());

  JsonPath {
    steps = List.copyOf(steps);
  }

  int size() {
    return steps.size();
  }

  Step step(int i) {
    return steps.get(i);
  }

  JsonPath with(int i, Step step) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(i, step);
    return new JsonPath(changed);
  }

  /** The depth of the values of which each is a row. */
  int rowDepth() {
    for (int i = size(); i > 0; i--) {
      if (steps.get(i - 1).repeats()) {
        return i;
      }
    }
    return 0;
  }

  /** The fields on the way, with points between them; empty if there are none. */
  String names() {
    return steps.stream()
        .filter(s -> s instanceof Field)
        .map(s -> ((Field) s).name())
        .filter(name -> !name.isEmpty())
        .collect(Collectors.joining("."));
  }
}
