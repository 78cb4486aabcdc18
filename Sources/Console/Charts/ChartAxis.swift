import Warehouse

/// A column's values as places along an axis.
struct ChartAxis: Equatable, Sendable {
  /// One place for each row.
  var places: [Double]
  /// What each is called.
  var labels: [String]
  /// What stands below each: of times only what tells them apart over the length of the axis.
  var ticks: [String]
  /// Whether the places are numbers by themselves, and not an order of names.
  var isNumeric: Bool
  /// Whether the places are times, none of them NULL.
  var isTime = false

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// The axis of a column: numbers and times where they are, weekdays from Monday on, all else in
  /// the order in which it comes.
  init(_ values: [String?], kind: ColumnKind) {
    labels = values.map { ChartAxis.label($0, kind) }
    let numbers = values.map { ChartAxis.number($0, kind) }
    ticks = labels
    isNumeric = kind.isNumeric
    guard numbers.contains(where: { $0 != nil }) else {
      isNumeric = false
      let weekdays = labels.compactMap { ChartAxis.weekdays.firstIndex(of: $0) }
      if weekdays.count == labels.count {
        places = weekdays.map { Double($0) }
        return
      }
      var known: [String: Double] = [:]
      places = labels.map { label in
        let place = known[label] ?? Double(known.count)
        known[label] = place
        return place
      }
      return
    }
    let known = numbers.compactMap { $0 }
    let (first, last) = (known.min() ?? 0, known.max() ?? 0)
    // What is no number comes last, a step behind the greatest.
    let end = last + (last > first ? (last - first) / Double(max(1, known.count - 1)) : 1)
    places = numbers.map { $0 ?? end }
    if known.count < numbers.count { isNumeric = false }
    isTime = (kind == .date || kind == .timestamp) && known.count == numbers.count
    guard kind == .timestamp else { return }
    let characters = last - first >= 3 ? 10 : last - first >= 1.0 / 12 ? 16 : 19
    ticks = labels.map { String($0.prefix(characters)) }
  }

  /// What stands for a value: times without what is always zero.
  static func label(_ value: String?, _ kind: ColumnKind) -> String {
    guard let value else { return "NULL" }
    if kind == .timestamp, value.hasSuffix(" 00:00:00") { return String(value.prefix(10)) }
    return value.isEmpty ? "(empty)" : value
  }

  /// A value as a number; nil for NULL and for what is none.
  static func number(_ value: String?, _ kind: ColumnKind) -> Double? {
    guard let value else { return nil }
    switch kind {
    case .integer, .number: return Double(value).flatMap { $0.isFinite ? $0 : nil }
    case .date, .timestamp: return days(value)
    case .text, .boolean, .json, .other: return nil
    }
  }

  /// A number of days, as `days` counts, as a time: to the minute, or the second.
  static func time(_ days: Double, hasClock: Bool, hasSeconds: Bool) -> String {
    guard days >= 0, days < 4_000_000 else { return "?" }
    let moment = Timestamp(axisSecond: Int((days * 86_400).rounded(.down)))
    guard hasClock else { return moment.dateText }
    return hasSeconds ? "\(moment.dateText) \(moment.clockText)" : moment.minuteText
  }

  /// `2018-11-30 20:57:10.796` as days since the beginning of our calendar's year 0.
  static func days(_ text: String) -> Double? {
    let halves = text.split(separator: " ", maxSplits: 1)
    let date = (halves.first ?? "").split(separator: "-").map { Int($0) }
    guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
      (1...12).contains(month), (0...9999).contains(year), (1...31).contains(day)
    else { return nil }
    // Years begin in March, so that the odd day of leap years is the last.
    let shifted = month > 2 ? year : year - 1
    let monthDays = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + monthDays + day
    guard halves.count == 2 else { return Double(days) }
    let clock = halves[1].split(separator: ":").map { Double($0) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2] else {
      return Double(days)
    }
    return Double(days) + (hour * 3600 + minute * 60 + second) / 86_400
  }
}
