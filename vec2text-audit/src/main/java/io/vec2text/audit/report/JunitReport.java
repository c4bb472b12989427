package io.vec2text.audit.report;

import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Finding;
import io.vec2text.audit.detect.DataType;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes JUnit XML. */
final class JunitReport {
  /** Findings that a failure names at most. */
  private static final int NAMED = 50;

  private JunitReport() {}

  static String of(AuditReport report, Rendering rendering) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      write(xml, report, rendering);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML can't be written", e);
    }
    return text + "\n";
  }

  private static void write(XMLStreamWriter xml, AuditReport report, Rendering rendering)
      throws XMLStreamException {
    List<DataType> types = Located.types(report);
    List<Finding> counted =
        rendering.newFindings(report).stream()
            .filter(f -> rendering.failOn().map(t -> t.counts(f)).orElse(true))
            .toList();
    long failures =
        types.stream()
            .filter(type -> counted.stream().anyMatch(f -> f.type().equals(type)))
            .count();
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", xml10(Wording.title(report)));
    xml.writeAttribute("tests", String.valueOf(types.size()));
    xml.writeAttribute("failures", String.valueOf(failures));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", "0");
    xml.writeAttribute(
        "timestamp", report.subject().date().toString().replaceFirst("\\..*|Z$", ""));
    xml.writeAttribute("time", seconds(report));
    for (DataType type : types) {
      List<Finding> own = counted.stream().filter(f -> f.type().equals(type)).toList();
      xml.writeCharacters("\n  ");
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", "vec2text.audit");
      xml.writeAttribute(
          "name",
          type.equals(DataType.DELETED_RECORD)
              ? "no deleted record is still stored"
              : "no " + type.title() + " can be read from vectors");
      if (!own.isEmpty()) {
        failure(xml, type, own);
      }
      xml.writeEndElement();
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private static void failure(XMLStreamWriter xml, DataType type, List<Finding> findings)
      throws XMLStreamException {
    xml.writeStartElement("failure");
    xml.writeAttribute("type", type.id());
    xml.writeAttribute(
        "message", findings.size() + (findings.size() == 1 ? " new finding" : " new findings"));
    StringBuilder lines = new StringBuilder();
    findings.stream()
        .limit(NAMED)
        .forEach(
            f -> lines.append(f.severity()).append(": ").append(Wording.sentence(f)).append('\n'));
    if (findings.size() > NAMED) {
      lines.append("and ").append(findings.size() - NAMED).append(" more\n");
    }
    xml.writeCharacters(xml10(lines.toString()));
    xml.writeEndElement();
  }

  private static String seconds(AuditReport report) {
    return Wording.format("%.3f", report.work().toMillis() / 1e3);
  }

  /** Without what XML 1.0 can't hold; names of records come from the store. */
  private static String xml10(String text) {
    return text.replaceAll(
        "[^\\x{9}\\x{A}\\x{D}\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", " ");
  }
}
