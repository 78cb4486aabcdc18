/// A number with so many digits behind the point.
func fixed(_ number: Double, _ decimals: Int) -> String {
  guard number.isFinite, abs(number) < 1e12 else { return "–" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let whole = Int((abs(number) * scale).rounded())
  let digits = String(whole)
  let filled = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = number < 0 && whole > 0 ? "-" : ""
  guard decimals > 0 else { return sign + filled }
  return sign + filled.dropLast(decimals) + "." + filled.suffix(decimals)
}

/// Bytes in units of 1,048,576.
func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1_048_576, 0) }

extension [Double] {
  /// The value in the middle, or the mean of the two there; 0 of none.
  var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}

extension String {
  /// With blanks behind it, so that it takes this many places.
  func filled(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// With blanks before it.
  func shifted(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
