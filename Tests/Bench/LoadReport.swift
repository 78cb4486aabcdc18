import Warehouse

/// The figures of a load beside its floors, medians of all rounds.
struct LoadReport {
  let scale: Scale
  let rounds: [Round]
  /// What asking, cancelling, sample data and the console take.
  var others: [Goal] = []

  private func median(_ value: (Round) -> Double) -> Double { rounds.map(value).median }

  /// What is judged.
  var goals: [Goal] {
    var goals = [
      Goal(
        name: "files → staged events / raw COPY",
        value: median { $0.run.seconds(of: .stageEvents) / $0.copy.seconds },
        reach: 3.0, stretch: 2.5),
      Goal(
        name: "files → published star / raw COPY",
        value: median { $0.run.seconds / $0.copy.seconds }, reach: 8.5, stretch: 6.5),
      Goal(
        name: "CPU of all / CPU of raw COPY",
        value: median { $0.run.cpu / $0.copy.cpu }, reach: 7.5, stretch: 5.5),
    ]
    if rounds.contains(where: { $0.smaller != nil }) {
      goals.append(
        Goal(
          name: "CPU an event, L / M", value: median { perEventRatio($0) }, reach: 1.1,
          stretch: 1.0))
    }
    return goals + restageGoals + [
      Goal(
        name: "program's peak memory, MB",
        value: rounds.map { Double($0.run.programPeak) / 1_048_576 }.max() ?? 0, reach: 64,
        stretch: 48, decimals: 0),
      Goal(
        name: "server's private memory, MB",
        value: rounds.map { Double($0.run.serverPeak) / 1_048_576 }.max() ?? 0, reach: 1024,
        stretch: nil, decimals: 0),
    ]
  }

  /// Seconds, and CPU seconds, beside those of reading and compressing alone.
  private var restageGoals: [Goal] {
    RestageMeasurement.Compressor.allCases.flatMap { compressor -> [Goal] in
      let pairs = rounds.compactMap { $0.restages[compressor] }
      guard !pairs.isEmpty else { return [] }
      return [
        Goal(
          name: "restage / cat and \(compressor.rawValue)",
          value: pairs.map { $0.restage.seconds / $0.floor.seconds }.median, reach: 1.3),
        Goal(
          name: "the same, CPU, \(compressor.rawValue)",
          value: pairs.map { $0.restage.cpu / $0.floor.cpu }.median, reach: nil),
      ]
    }
  }

  private func perEventRatio(_ round: Round) -> Double {
    let smaller = (round.smaller?.cpu ?? 0) / Double(Scale.medium.events)
    return round.run.cpu / Double(scale.events) / smaller
  }

  /// Lines of name and figures: seconds, rows a second, CPU seconds and peak memory of program and
  /// of server.
  private var lines: [[String]] {
    var lines = [["", "seconds", "rows/s", "CPU program", "CPU server", "MB program", "MB server"]]
    for part in parts {
      let rate = part.rows.map { String(Int(Double($0) / max(part.seconds, 0.001))) }
      lines.append([
        part.name, fixed(part.seconds, 2), rate ?? "", part.programCPU.map { fixed($0, 2) } ?? "",
        part.serverCPU.map { fixed($0, 2) } ?? "", part.programPeak.map(megabytes) ?? "",
        part.serverPeak.map(megabytes) ?? "",
      ])
    }
    lines.append([
      "load, in all", fixed(median { $0.run.seconds }, 2),
      String(Int(Double(scale.events) / median { $0.run.seconds })),
      fixed(median { $0.run.programCPU }, 2), fixed(median { $0.run.serverCPU }, 2),
      megabytes(rounds.map(\.run.programPeak).max() ?? 0),
      megabytes(rounds.map(\.run.serverPeak).max() ?? 0),
    ])
    lines.append([])
    lines.append(["floors", "seconds", "rows/s", "CPU in all", ""])
    for (name, cost) in floors {
      lines.append([
        name, fixed(cost.seconds, 2), String(Int(Double(scale.events) / max(cost.seconds, 0.001))),
        fixed(cost.cpu, 2), "",
      ])
    }
    return lines
  }

  private var floors: [(String, Cost)] {
    func cost(_ path: KeyPath<Round, Cost>) -> Cost {
      Cost(
        seconds: median { $0[keyPath: path].seconds }, cpu: median { $0[keyPath: path].cpu })
    }
    return [
      ("reading the files", cost(\.read)), ("raw COPY, 2 connections", cost(\.copy)),
      ("loads alone, 1 session", cost(\.loads)),
    ]
  }

  /// The parts of a run, each with its medians.
  private var parts: [RunMeasurement.Part] {
    (rounds.first?.run.parts ?? []).map { first in
      let same = rounds.compactMap { round in round.run.parts.first { $0.name == first.name } }
      var part = first
      part.seconds = same.map(\.seconds).median
      part.programCPU = first.programCPU == nil ? nil : same.compactMap(\.programCPU).median
      part.serverCPU = first.serverCPU == nil ? nil : same.compactMap(\.serverCPU).median
      part.programPeak = same.compactMap(\.programPeak).max()
      part.serverPeak = same.compactMap(\.serverPeak).max()
      return part
    }
  }

  /// For people.
  var text: String {
    let first = goals.map(\.name.count).max() ?? 0
    var text =
      "\nscale \(scale.rawValue): \(scale.songs) songs, \(scale.events) events; "
      + "medians of \(rounds.count)\n\n"
    for line in lines {
      text +=
        line.enumerated().map { index, cell in
          index == 0 ? cell.filled(to: first) : cell.shifted(to: 13)
        }.joined() + "\n"
    }
    return text + "\n" + goals.table(width: first)
  }

  /// For machines: every round, and the goals.
  var json: [UInt8] {
    var json = JSONText()
    json.object([
      ("scale", .string(scale.rawValue)), ("songs", .integer(scale.songs)),
      ("events", .integer(scale.events)), ("rounds", .array(rounds.map(\.json))),
      ("goals", goals.json), ("others", others.json),
    ])
    json.raw("\n")
    return json.bytes
  }
}

extension Round {
  var json: JSONValue {
    .object([
      ("read", read.json), ("copy", copy.json), ("loads", loads.json), ("run", run.json),
      ("smaller", smaller?.json ?? .null),
      (
        "restages",
        .object(
          restages.sorted { $0.key.rawValue < $1.key.rawValue }.map { compressor, costs in
            (
              compressor.rawValue,
              .object([("restage", costs.restage.json), ("floor", costs.floor.json)])
            )
          })
      ),
    ])
  }
}

extension Cost {
  var json: JSONValue { .object([("seconds", .real(seconds)), ("cpu_seconds", .real(cpu))]) }
}

extension RunMeasurement {
  var json: JSONValue {
    .object([
      ("seconds", .real(seconds)), ("program_cpu_seconds", .real(programCPU)),
      ("server_cpu_seconds", .real(serverCPU)), ("program_peak_bytes", .integer(programPeak)),
      ("server_private_peak_bytes", .integer(serverPeak)), ("parts", .array(parts.map(\.json))),
    ])
  }
}

extension RunMeasurement.Part {
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("seconds", .real(seconds)), ("rows", JSONValue(rows)),
      ("program_cpu_seconds", programCPU.map(JSONValue.real) ?? .null),
      ("server_cpu_seconds", serverCPU.map(JSONValue.real) ?? .null),
      ("program_peak_bytes", JSONValue(programPeak)),
      ("server_private_peak_bytes", JSONValue(serverPeak)),
    ])
  }
}
