/// The password of a warehouse's first user.
enum MasterPassword {
  /// 32 random characters that stand in any configuration file as they are. The generator is the
  /// system's own, made for secrets.
  static func make() -> Secret {
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
    while true {
      let text = String((0..<32).map { _ in letters.randomElement() ?? "x" })
      if fault(in: Secret(text)) == nil { return Secret(text) }
    }
  }

  /// What Redshift has against a password; nil when it takes it (API reference, "CreateCluster",
  /// MasterUserPassword). Never repeats the password.
  static func fault(in password: Secret) -> String? {
    let scalars = password.reveal().unicodeScalars
    if !(8...64).contains(scalars.count) { return "its length is not from 8 to 64" }
    let forbidden = "'\"\\/@".unicodeScalars
    if scalars.contains(where: { !(33...126).contains($0.value) || forbidden.contains($0) }) {
      return "a sign in it is not allowed"
    }
    if !scalars.contains(where: { ("A"..."Z").contains($0) }) { return "it has no capital letter" }
    if !scalars.contains(where: { ("a"..."z").contains($0) }) { return "it has no small letter" }
    if !scalars.contains(where: { ("0"..."9").contains($0) }) { return "it has no digit" }
    return nil
  }
}
