/// This machine's address on the internet, as AWS sees it.
enum CallerAddress {
  /// The one address that a text is, as `address/bits` for it alone; nil when it is something else.
  /// What a server answered never becomes a rule unless it is exactly that.
  static func range(of text: String) -> String? {
    let words = text.split { $0.isWhitespace }
    guard words.count == 1, let text = words.first.map(String.init) else { return nil }
    if isIPv4(text) { return text + "/32" }
    return isIPv6(text) ? text.lowercased() + "/128" : nil
  }

  private static func isIPv4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isWritten = parts.count == 4 && parts.allSatisfy { (1...3).contains($0.utf8.count) }
    return isWritten && !["0.0.0.0", "255.255.255.255"].contains(text)
      && parts.allSatisfy { part in
        part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
          && Int(part).map { $0 <= 255 } ?? false
      }
  }

  private static func isIPv6(_ text: String) -> Bool {
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    return (3...8).contains(groups.count) && text != "::"
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: ":") || Character(UnicodeScalar(byte)).isHexDigit
      } && groups.allSatisfy { $0.utf8.count <= 4 }
  }
}

extension CloudWork {
  /// Who is let in: what is configured, else this machine alone. Never everybody by default.
  func visitors() throws(WarehouseError) -> String {
    if let addresses = plan.addresses { return addresses }
    let hint = "Set INBOUND_RULE.CIDRIP to the address that you come from, like 203.0.113.7/32."
    do throws(WarehouseError) {
      let answer = try calls.callerAddress(cancellation)
      if let range = CallerAddress.range(of: answer) { return range }
    } catch {
      guard error.kind != .cancelled else { throw error }
      var explained = error
      explained.hint = hint
      throw explained
    }
    throw WarehouseError(
      .connection, "could not find this machine's own address",
      detail: "what answered is no address", hint: hint)
  }
}
