import Warehouse

/// The round times of an axis: clock times, days, Mondays or months, as many as have room.
struct TimeTicks {
  /// One of them.
  struct Tick: Equatable, Sendable {
    /// In days, as `ChartAxis` counts them.
    var place: Double
    var text: String
  }

  /// Both ends of the axis, in days.
  let low: Double
  let high: Double

  /// The number of a Monday, as `ChartAxis` counts days.
  static let monday = 6

  private static let seconds = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
  ]
  private static let days = [1, 2, 4, 7, 14]
  private static let months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200]

  /// The ticks that so many cells have room for; empty when not two of them lie on the axis.
  ///
  /// - Parameter hasClock: whether there are times of the day.
  func ticks(columns: Int, hasClock: Bool) -> [Tick] {
    guard low >= 0, high < 4_000_000 else { return [] }
    let clock = hasClock ? fitting(TimeTicks.seconds, 86_400, columns, 16, clockTicks) : nil
    let found =
      clock ?? fitting(TimeTicks.days, 1, columns, 10, dayTicks)
      ?? fitting(TimeTicks.months, 12 / 365.2425, columns, 7, monthTicks) ?? []
    return found.count > 1 ? found : []
  }

  /// The ticks of the least step that leaves room for texts of a width, or of the one below where
  /// that has a single tick; nil when none does.
  private func fitting(
    _ steps: [Int], _ perDay: Double, _ columns: Int, _ width: Int, _ ticks: (Int) -> [Tick]
  ) -> [Tick]? {
    let most = (columns + 2) / (width + 2)
    let place = steps.firstIndex { Int((high - low) * perDay / Double($0)) + 1 <= most }
    guard let place else { return nil }
    let found = ticks(steps[place])
    return found.count < 2 && place > 0 ? ticks(steps[place - 1]) : found
  }

  private func clockTicks(_ step: Int) -> [Tick] {
    let (first, last) = (Int((low * 86_400 - 0.001).rounded(.up)), Int(high * 86_400 + 0.001))
    var ticks: [Tick] = []
    var second = (first + step - 1) / step * step
    while second <= last {
      let moment = Timestamp(axisSecond: second)
      let date = moment.dateText
      let time = step < 60 ? moment.clockText : String(moment.clockText.prefix(5))
      let text = second % 86_400 == 0 ? date : ticks.isEmpty ? "\(date) \(time)" : time
      ticks.append(Tick(place: Double(second) / 86_400, text: text))
      second += step
    }
    return ticks
  }

  private func dayTicks(_ step: Int) -> [Tick] {
    // Weeks begin on Monday.
    let start = step % 7 == 0 ? TimeTicks.monday : 0
    let first = Int(low.rounded(.up))
    return (first...max(first, Int(high))).filter { ($0 - start) % step == 0 && Double($0) <= high }
      .map { Tick(place: Double($0), text: Timestamp(axisSecond: $0 * 86_400).dateText) }
  }

  private func monthTicks(_ step: Int) -> [Tick] {
    let (first, last) = (
      Timestamp(axisSecond: Int(low) * 86_400).date, Timestamp(axisSecond: Int(high) * 86_400).date
    )
    let months = (first.year * 12 + first.month - 1)...(last.year * 12 + last.month - 1)
    return months.filter { $0 % step == 0 }.compactMap { month in
      let (year, index) = month.quotientAndRemainder(dividingBy: 12)
      let text = "\(year.padded(4))-\((index + 1).padded(2))"
      guard let place = ChartAxis.days("\(text)-01"), place >= low, place <= high else {
        return nil
      }
      return Tick(place: place, text: step % 12 == 0 ? year.padded(4) : text)
    }
  }
}

extension Timestamp {
  /// A moment so many seconds after day 0, as `ChartAxis.days` counts days: its day 719,469 is the
  /// first of 1970.
  init(axisSecond second: Int) {
    self.init(milliseconds: (Int64(second) - 719_469 * 86_400) * 1000)
  }
}
