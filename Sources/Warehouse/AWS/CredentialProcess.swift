/// A program that prints credentials (SDKs and Tools reference, "Process credential provider").
struct CredentialProcess {
  private let surroundings: AWSSurroundings

  init(_ surroundings: AWSSurroundings) { self.surroundings = surroundings }

  /// Runs the program, without a shell, and reads what it prints. Blocks.
  func run(
    _ words: [String], origin: String, hint: String? = nil, environment more: [String] = []
  ) throws(WarehouseError) -> AWSCredentials {
    guard let name = words.first, let path = find(name) else {
      throw WarehouseError(
        .configuration, "could not run the program of \(origin)",
        detail: "there is no \(words.first ?? "program") on the PATH",
        hint: hint ?? "Correct credential_process.")
    }
    let outcome = try Subprocess.run(
      [path] + words.dropFirst(), outputLimit: 256 << 10, errors: .dropped,
      environment: ["HOME=" + surroundings.homeFolder] + variables + more)
    // Its output holds a secret when it went well, and may when it did not: it is never repeated.
    guard outcome.status == 0, let json = JSONValue(parsing: Array(outcome.output.utf8)),
      let key = json["AccessKeyId"]?.text, let secret = json["SecretAccessKey"]?.text
    else {
      throw WarehouseError(
        .configuration, "could not get credentials from the program of \(origin)",
        detail: outcome.status == 0
          ? "\(name) printed something else" : "\(name) ended with status \(outcome.status)",
        hint: hint ?? "Run it by hand and see what it says.")
    }
    return AWSCredentials(
      accessKey: Secret(key), secretKey: Secret(secret),
      sessionToken: json["SessionToken"]?.text.map(Secret.init),
      expiration: json["Expiration"]?.text.flatMap(Timestamp.init(iso8601:)), origin: origin)
  }

  /// The words of a command line: quotes hold words together, nothing else has a meaning.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character == " " || character == "\t" {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  private var variables: [String] {
    AWSSurroundings.handedOn.compactMap { name in
      surroundings[name].map { name + "=" + $0.reveal() }
    }
  }

  private func find(_ name: String) -> String? {
    if name.contains("/") { return FileSystem.isExecutable(name) ? name : nil }
    let folders = (surroundings["PATH"]?.reveal() ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first(where: FileSystem.isExecutable)
  }
}
