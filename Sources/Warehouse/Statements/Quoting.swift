extension String {
  /// The text with every `mark` doubled, as SQL and CSV write a quote inside quotes.
  ///
  /// Scalars, not characters: a quote with a combining mark on it is one character of Swift, but
  /// still a quote to the reader at the other end.
  func doubling(_ mark: Unicode.Scalar) -> String {
    guard unicodeScalars.contains(mark) else { return self }
    var doubled = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      doubled.append(scalar)
      if scalar == mark { doubled.append(scalar) }
    }
    return String(doubled)
  }

  /// The text as an SQL string constant. For the few places that take no parameter.
  var sqlLiteral: String { "'" + doubling("'") + "'" }
}
