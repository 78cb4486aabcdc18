import Warehouse

extension SourcesScreen {
  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement): move(movement, context)
    case .right: turn(1, context)
    case .left: turn(-1, context)
    case .open: return open(context)
    case .copy: return copied.map { [.effect(.copy($0))] } ?? []
    case .back: return goBack()
    case .sources(let action): return perform(action, context)
    default: break
    }
    return []
  }

  private mutating func perform(_ action: SourcesAction, _ context: Context) -> [Request] {
    switch action {
    case .browse: toggleBrowsing()
    case .goTo: return [.overlay(.prompt(addressPrompt))]
    case .toggleKeys:
      walk?.toggleKeys()
      record.close()
    case .profile:
      if isBrowsing { return openBucketProfile() }
      isProfileOpen = true
      focus = .fields
      return source.profile.value == nil && !source.profile.isLoading ? startProfile(context) : []
    case .nextRecord: return step(1, context)
    case .previousRecord: return step(-1, context)
    case .sort:
      guard let listing = source.listing.value else { return [] }
      let order = source.files.order.next
      known[kind]?.files.sort(by: order, listing)
      return [.notice("sorted by \(order.rawValue)")]
    case .refresh:
      if isBrowsing, isProfileOpen {
        return profile(bucketProfile.place, as: bucketProfile.kind, context)
      }
      if isBrowsing {
        walk?.refresh()
        record.close()
        return []
      }
      if isProfileOpen { return startProfile(context) }
      for kind in SourceKind.allCases { known[kind]?.listing.askAgain() }
    }
    return []
  }

  private mutating func startProfile(_ context: Context) -> [Request] {
    guard let listing = source.listing.value else { return [] }
    let id = known[kind, default: Source()].profile.begin(at: context.moment.uptime)
    return [.effect(.sources(.profile(kind, id, listing.files)))]
  }

  private mutating func step(_ step: Int, _ context: Context) -> [Request] {
    guard let wanted = record.step(step, at: context.moment.uptime), let file = record.object
    else { return [] }
    return [.effect(.sources(records(wanted.id, of: file, skipping: wanted.skipped)))]
  }

  private mutating func goBack() -> [Request] {
    if isBrowsing {
      if isProfileOpen { return closeBucketProfile() }
      leaveBucketLevel()
      return []
    }
    if source.profile.isLoading { return cancelProfile() }
    isProfileOpen = false
    focus = .files
    return []
  }

  private mutating func cancelProfile() -> [Request] {
    known[kind]?.profile.abandon()
    isProfileOpen = source.profile.value != nil
    if !isProfileOpen { focus = .files }
    return [.effect(.sources(.cancelProfile)), .notice("the profile was cancelled")]
  }

  /// Ctrl-C: stops the profile that is being made; nil when none is.
  mutating func interrupt() -> [Request]? {
    if isBrowsing { return bucketProfile.answer.isLoading ? closeBucketProfile() : nil }
    return source.profile.isLoading ? cancelProfile() : nil
  }

  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .open: viewer(context) == nil && !opensPart ? "there is nothing to open" : nil
    case .copy: copied == nil ? "nothing is selected" : nil
    case .back:
      isBrowsing || isProfileOpen || source.profile.isLoading || focus != .files
        ? nil : "this is the first level"
    case .sources(.profile) where isBrowsing:
      profilePlace == nil && !isProfileOpen ? "go into a bucket first" : nil
    case .sources(.sort) where isBrowsing: "a bucket lists by name"
    case .sources(.toggleKeys): isBrowsing ? nil : "only where buckets are browsed"
    case .sources(.profile):
      source.listing.value?.files.isEmpty ?? true ? "there are no files to read" : nil
    case .sources(.nextRecord):
      isProfileOpen || !record.canStep(1) ? "there is no record after it" : nil
    case .sources(.previousRecord):
      isProfileOpen || !record.canStep(-1) ? "there is no record before it" : nil
    case .sources(.sort):
      isProfileOpen || source.listing.value == nil ? "there are no files to sort" : nil
    case .left, .right, .move, .sources(.refresh), .sources(.browse), .sources(.goTo): nil
    default: nil
    }
  }

  /// Whether Enter goes to another part.
  private var opensPart: Bool {
    focus == .files && selectedFile != nil || focus == .buckets && opensBucketEntry
  }

  private mutating func open(_ context: Context) -> [Request] {
    if opensPart {
      if focus == .buckets { openBucketEntry() } else { focus = .record }
      return []
    }
    return viewer(context).map { [.overlay(.viewer($0))] } ?? []
  }
}
