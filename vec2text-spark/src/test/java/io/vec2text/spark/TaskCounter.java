package io.vec2text.spark;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Does something once, when so many tasks of the stages of so many tasks have ended well. */
final class TaskCounter extends SparkListener {
  private final int tasksOfStage;
  private final int after;
  private final Runnable action;
  private final Set<Integer> stages = new HashSet<>();
  private int ended;
  private boolean acted;

  TaskCounter(int tasksOfStage, int after, Runnable action) {
    this.tasksOfStage = tasksOfStage;
    this.after = after;
    this.action = action;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    if (event.stageInfo().numTasks() == tasksOfStage) {
      stages.add(event.stageInfo().stageId());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (!acted && stages.contains(event.stageId()) && event.taskInfo().successful()) {
      ended++;
      if (ended == after) {
        acted = true;
        action.run();
      }
    }
  }

  /** How many had ended when it acted. */
  synchronized int ended() {
    return ended;
  }
}
