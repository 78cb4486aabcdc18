import Glibc

/// A moment: milliseconds since 1970 in UTC. Always shown in UTC.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z, negative before.
  public let milliseconds: Int64

  /// The moment that many milliseconds after 1970.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The moment at which it is called.
  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The earlier of two is less.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// Year, month and day in UTC, by the civil calendar.
  ///
  /// The algorithm counts 400-year eras from 1 March of year 0.
  public var date: (year: Int, month: Int, day: Int) {
    let days = Int(milliseconds.flooredDivision(by: 86_400_000)) + 719_468
    let era = days.flooredDivision(by: 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// Milliseconds since midnight in UTC.
  public var millisecondOfDay: Int {
    Int(milliseconds - milliseconds.flooredDivision(by: 86_400_000) * 86_400_000)
  }

  /// `2018-11-01`.
  public var dateText: String {
    let date = date
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
  }

  /// `20:57:10.796`.
  public var timeText: String {
    let time = millisecondOfDay
    return clockText + "." + (time % 1000).padded(3)
  }

  /// `20:57:10`.
  public var clockText: String {
    let seconds = millisecondOfDay / 1000
    return
      "\((seconds / 3600).padded(2)):\((seconds / 60 % 60).padded(2)):\((seconds % 60).padded(2))"
  }

  /// ISO 8601 with milliseconds: `2018-11-01T20:57:10.796Z`.
  public var text: String { "\(dateText)T\(timeText)Z" }
}

extension BinaryInteger {
  /// The quotient rounded towards minus infinity.
  func flooredDivision(by divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }

  /// The digits with leading zeros up to `width`.
  public func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
