package io.vec2text.audit.report;

import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Duplicates;
import io.vec2text.audit.Membership;
import io.vec2text.audit.Reconciliation;
import io.vec2text.audit.RecordId;
import io.vec2text.audit.SharedValue;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The parts of a report that are about several records, or about records that were not inverted.
 *
 * @param foreign makes texts that come from the store harmless
 */
record StoreSections(AuditReport report, UnaryOperator<String> foreign) {
  private static final int LISTED = 50;
  private static final int NAMED = 5;

  /** All that have something to say. */
  List<Block> all() {
    List<Block> blocks = new ArrayList<>();
    report.wholeStore().deleted().ifPresent(deleted -> blocks.addAll(deleted(deleted)));
    report.wholeStore().known().ifPresent(known -> blocks.addAll(known(known)));
    report
        .wholeStore()
        .triage()
        .ifPresent(triage -> blocks.addAll(new TriageSection(triage, foreign).all()));
    if (!report.sharedValues().isEmpty()) {
      blocks.addAll(shared());
    }
    if (report.wholeStore().duplicates().groups() > 0) {
      blocks.addAll(duplicates(report.wholeStore().duplicates()));
    }
    return blocks;
  }

  private List<Block> deleted(Reconciliation deleted) {
    return List.of(
        new Heading("Deleted records"),
        Lines.notes(
            Wording.format(
                "Of %,d ids that the source system has deleted, %,d records are still stored.%s",
                deleted.ids(),
                deleted.stillStored(),
                deleted.stillStored() == 0
                    ? ""
                    : " Each is a finding: what was to be erased can still be searched for and"
                        + " read."
                        + (deleted.stillStored() > deleted.findings().size()
                            ? Wording.format(
                                " The first %,d are listed as such.", deleted.findings().size())
                            : ""))));
  }

  private List<Block> known(Membership known) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("Known texts"));
    blocks.add(
        Lines.notes(
            Wording.format(
                "Of %,d texts that were given, %,d are in the store: a record has the very vector.",
                known.texts(), known.found().size())));
    if (!known.found().isEmpty()) {
      Table table = new Table(List.of("text", "record", "cosine"), 2);
      known.found().stream()
          .limit(LISTED)
          .forEach(
              m ->
                  table.add(
                      Wording.format("no. %,d", m.number()),
                      name(m.record()),
                      Wording.format("%.6f", m.cosine())));
      blocks.add(table);
      more(blocks, known.found().size());
    }
    return blocks;
  }

  private List<Block> shared() {
    List<SharedValue> shared = report.sharedValues();
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("Values that several records share"));
    blocks.add(
        Lines.notes(
            Wording.format(
                "%,d values came back word for word from more than one record of the sample.",
                shared.size())));
    Table table = new Table(List.of("kind", "records", "such as"), 1);
    shared.stream()
        .limit(LISTED)
        .forEach(
            s ->
                table.add(
                    s.type().title(),
                    Wording.format("%,d", s.records().size()),
                    names(s.records())));
    blocks.add(table);
    more(blocks, shared.size());
    return blocks;
  }

  private List<Block> duplicates(Duplicates duplicates) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("Records with the same vector"));
    blocks.add(
        Lines.notes(
            Wording.format(
                "%s%,d groups of records, %,d records in all, have the same vector, so the same or"
                    + " nearly the same text: who deletes one has not deleted the text.%s",
                duplicates.oneIn() == 1 ? "" : "About ",
                duplicates.groups(),
                duplicates.records(),
                duplicates.oneIn() == 1
                    ? ""
                    : Wording.format(" One in %,d vectors was counted.", duplicates.oneIn()))));
    Table table = new Table(List.of("group", "records", "such as"), 1);
    for (Duplicates.Group group : duplicates.largest()) {
      table.add(
          Wording.format("%,d", table.rows().size() + 1),
          Wording.format("%,d", group.size()),
          names(group.examples()));
    }
    blocks.add(table);
    if (duplicates.groups() / duplicates.oneIn() > duplicates.largest().size()) {
      blocks.add(
          Lines.notes(Wording.format("The largest %,d groups.", duplicates.largest().size())));
    }
    return blocks;
  }

  private static void more(List<Block> blocks, int size) {
    if (size > LISTED) {
      blocks.add(Lines.notes(Wording.format("The first %,d of %,d.", LISTED, size)));
    }
  }

  private String name(RecordId record) {
    return foreign.apply(Wording.name(record));
  }

  private String names(List<RecordId> records) {
    return records.stream().limit(NAMED).map(this::name).collect(Collectors.joining(", "));
  }
}
