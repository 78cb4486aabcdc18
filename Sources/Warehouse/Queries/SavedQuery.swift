/// A file of `queries/`: SQL under a header of comments.
///
/// ```
/// -- title: Plays by hour
/// -- about: When people listen, over the hours of the day (UTC).
/// -- param: level text = all | free | paid
/// -- chart: bar x=hour y=plays
/// -- rows: songplays WHERE date_part('hour', start_time) = :hour
/// SELECT …
/// ```
public struct SavedQuery: Sendable, Equatable {
  /// The file's name without `.sql`.
  public let name: String
  /// What lists show; the name when the header has none.
  public let title: String
  /// What it answers.
  public let about: String
  /// Under which heading it is listed.
  public let group: String
  /// Its parameters, in order.
  public let parameters: [QueryParameter]
  /// The chart that the header proposes, as it stands there; nil for none.
  public let chart: String?
  /// Where the rows behind a row of the result come from, as it stands behind `SELECT * FROM`;
  /// nil when the header does not say.
  public let rows: String?
  /// The whole text, header included.
  public let sql: String

  /// Reads the text of a file.
  ///
  /// - Throws: `.usage` with the line of the header that cannot be read.
  public init(name: String, text: String) throws(WarehouseError) {
    var members: [String: String] = [:]
    var parameters: [QueryParameter] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard line.hasPrefix("--") else { break }
      guard let (key, value) = Self.member(of: line.dropFirst(2)) else { continue }
      if key == "param" {
        parameters.append(try Self.parameter(value, "\(name).sql, line \(index + 1)"))
      } else {
        members[key] = members[key].map { $0 + " " + value } ?? value
      }
    }
    self.name = name
    self.parameters = parameters
    title = members["title"] ?? name
    about = members["about"] ?? ""
    group = members["group"] ?? ""
    chart = members["chart"]
    rows = members["rows"]
    sql = text
    try checkRows()
  }

  /// A query without a header.
  public init(name: String, title: String, sql: String) {
    (self.name, self.title, self.sql) = (name, title, sql)
    (about, group, parameters, chart, rows) = ("", "", [], nil, nil)
  }

  /// The statements with the values given, and the standard ones for the rest.
  ///
  /// - Throws: `.usage` for a parameter that it lacks, a wrong value, or a missing one.
  public func script(_ given: [String: String]) throws(WarehouseError) -> SQLScript {
    // What the header does not declare may still stand in the SQL.
    var values = given.mapValues(Parameter.text)
    for parameter in parameters {
      guard let text = given[parameter.name] ?? parameter.standard else { continue }
      values[parameter.name] = try parameter.value(text)
    }
    return try SQLScript(text: sql, values: values)
  }

  /// `key: value` of a header's line.
  private static func member(of line: Substring) -> (key: String, value: String)? {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? (parts[0].trimmed.lowercased(), parts[1].trimmed) : nil
  }

  /// `name type`, and behind `=` the standard value or all choices, the standard one first.
  private static func parameter(
    _ text: String, _ place: String
  ) throws(WarehouseError) -> QueryParameter {
    let halves = text.split(separator: "=", maxSplits: 1).map(\.trimmed)
    let words = (halves.first ?? "").split(separator: " ")
    guard words.count == 2, let kind = QueryParameter.Kind(rawValue: String(words[1])) else {
      let kinds = QueryParameter.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw WarehouseError(
        .usage, "could not read the parameter \"\(text)\"", detail: place,
        hint: "Write a name and a type (\(kinds)): level text = all | free | paid.")
    }
    let choices = halves.count > 1 ? halves[1].split(separator: "|").map(\.trimmed) : []
    return QueryParameter(
      name: String(words[0]), kind: kind, choices: choices.count > 1 ? choices : [],
      standard: choices.first)
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  fileprivate var trimmed: String {
    let rest = drop(while: \.isWhitespace)
    guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(rest[...last])
  }
}
