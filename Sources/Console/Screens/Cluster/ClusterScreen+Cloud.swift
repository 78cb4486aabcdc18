import Warehouse

/// The warehouse in the cloud, on the Cluster screen.
extension ClusterScreen {
  /// How it stands, as far as known.
  var cloud: CloudStatus? { status.value?.cloud }

  /// Whether the configuration is about a warehouse in the cloud.
  var isCloud: Bool { status.value?.cloudName != nil }

  /// Whether something is being done to it.
  var isChanging: Bool { operation?.isRunning ?? false }

  /// Whether it costs by the hour now.
  var costs: Bool { cloud?.costsByTheHour ?? false }

  /// What the server's box lists: the cloud's view first.
  func facts(_ context: Context) -> [ServerFact] {
    var facts: [ServerFact] = []
    if let cloud {
      facts = cloud.facts(at: context.moment.time).map {
        ServerFact(label: $0.label, value: $0.value)
      }
      if let due = context.pauseDue {
        let left = Quantity.clock(due - context.moment.uptime)
        facts.insert(
          ServerFact(label: "pauses in", value: "\(left) without use; + puts it off"),
          at: min(1, facts.count))
      }
    } else if let name = status.value?.cloudName {
      let words = status.isLoading ? "asking AWS …" : "AWS does not tell"
      facts = [ServerFact(label: "cloud", value: "\(name.text): \(words)")]
    }
    return facts + (status.value?.facts ?? [])
  }

  /// Begins to follow something.
  mutating func begin(_ operation: CloudOperation, _ context: Context) {
    self.operation = CloudProgress(operation, at: context.moment.uptime)
    focusOnOperation()
  }

  // MARK: What can be done now

  func refusal(of action: ClusterAction, _ context: Context) -> String? {
    switch action {
    case .check: return status.isLoading ? "the check goes on" : nil
    case .cancel: return isChanging ? nil : "nothing is being done in the cloud"
    case .putOffPause: return context.pauseDue == nil ? "no pause is planned" : nil
    case .pause, .resume, .snapshot, .resize, .teardown: break
    }
    if !isCloud { return "no warehouse in the cloud is configured" }
    if isChanging { return "\(operation?.operation.word ?? "something") goes on; c cancels it" }
    if context.isRunning { return "a run goes on" }
    guard let cloud else { return status.isLoading ? "AWS is being asked" : "AWS does not tell" }
    guard let state = cloud.state else {
      // Role, groups and HOST may still be there, from a teardown that was interrupted.
      return action == .teardown ? nil : "it is not there; p provisions it"
    }
    return refusal(of: action, of: cloud.subject, state)
  }

  private func refusal(
    of action: ClusterAction, of subject: CloudStatus.Subject, _ state: CloudState
  ) -> String? {
    let isServerless = if case .workgroup = subject { true } else { false }
    switch action {
    case .pause:
      if isServerless { return "a serverless warehouse costs while queries run alone" }
      return state == .available ? nil : "it is \(state.word)"
    case .resume:
      if isServerless { return "a serverless warehouse is never paused" }
      return state == .paused ? nil : "it is \(state.word)"
    case .resize: return state == .available ? nil : "it is \(state.word)"
    case .snapshot:
      return state == .available || state == .paused ? nil : "it is \(state.word)"
    case .check, .cancel, .putOffPause, .teardown: return nil
    }
  }

  /// Why provisioning cannot be asked for; nil when it can.
  func refusalToProvision(_ context: Context) -> String? {
    if context.isRunning { return "a run goes on" }
    guard isCloud else { return nil }
    if isChanging { return "\(operation?.operation.word ?? "something") goes on; c cancels it" }
    return nil
  }

  // MARK: Asking first

  /// What an action asks before it is done, or begins.
  mutating func perform(_ action: ClusterAction, _ context: Context) -> [Request] {
    switch action {
    case .check, .putOffPause: return []  // the model's own
    case .pause: return [.overlay(.choice(pauseChoice))]
    case .resume: return [.overlay(.choice(resumeChoice))]
    case .snapshot: return [.change(.snapshot)]
    case .resize: return [.overlay(.prompt(resizePrompt))]
    case .teardown: return [.overlay(.form(teardownForm))]
    case .cancel:
      operation?.isCancelled = true
      return [.effect(.cluster(.cancelChange))]
    }
  }

  /// Asks before anything that costs is made.
  var provisionChoice: Choice {
    let plan = status.value?.cloudPlan ?? "as configured"
    return Choice(
      title: "Provision",
      text: "Makes what is missing and changes what differs: \(plan). "
        + "The role and the security group cost nothing.",
      answers: [
        .init(key: "y", title: "provision", meaning: .change(.provision)),
        .init(key: .escape, title: "leave it", meaning: .stay),
      ])
  }

  private var pauseChoice: Choice {
    Choice(
      title: "Pause",
      text: "Every session on it ends, those of others too. It takes some minutes and cannot be "
        + "stopped; then storage alone costs.",
      answers: [
        .init(key: "y", title: "pause", meaning: .change(.pause)),
        .init(key: .escape, title: "leave it running", meaning: .stay),
      ])
  }

  private var resumeChoice: Choice {
    let price = cloud?.price.map { "It costs \($0.hourText)" } ?? "It costs by the hour"
    return Choice(
      title: "Resume", text: "\(price) from then on. It takes some minutes.",
      answers: [
        .init(key: "y", title: "resume", meaning: .change(.resume)),
        .init(key: .escape, title: "leave it paused", meaning: .stay),
      ])
  }

  private var resizePrompt: Prompt {
    switch cloud?.subject {
    case .workgroup(let workgroup)?:
      Prompt(
        purpose: .resize, title: "Resize",
        text: "How many processing units \(workgroup.name) shall have.",
        current: workgroup.baseCapacity.map { "\($0)" } ?? "")
    case .cluster(let cluster)?:
      Prompt(
        purpose: .resize, title: "Resize",
        text: "How many nodes of \(cluster.nodeType) \(cluster.name) shall have. It can be read "
          + "meanwhile, and not written for some minutes.",
        current: "\(cluster.nodeCount)")
    case .missing?, nil: Prompt(purpose: .resize, title: "Resize", text: "", current: "")
    }
  }

  private var teardownForm: Form {
    let name = status.value?.cloudName?.text ?? ""
    return Form(
      title: "Tear down \(name): delete it and all that was made for it", purpose: .teardown(name),
      fields: [
        Form.Field(name: "its name, typed", note: name, input: InputField()),
        Form.Field(
          name: "last snapshot", note: "", choices: ["keep", "none"], input: InputField("keep")),
      ])
  }
}
