import Warehouse

/// What a sample of the records at a place in buckets says, taken for records of a kind.
struct BucketProfile: Equatable, Sendable {
  var place = BucketPlace.account
  var kind = SourceKind.events
  var answer = Loadable<SourceProfile>()
}

extension SourcesScreen {
  /// The profile that is shown, or would be.
  var shownProfile: Loadable<SourceProfile> { isBrowsing ? bucketProfile.answer : source.profile }

  /// What a profile would be of: the folder that is selected, else the place that is shown; nil where
  /// there are only buckets.
  var profilePlace: BucketPlace? {
    guard let walk else { return nil }
    switch walk.selected {
    case .bucket(let name)?: return .folder(bucket: name, prefix: "")
    case .folder(let address)?: return BucketPlace(address)
    case .object?, nil: return walk.level.place == .account ? nil : walk.level.place
    }
  }

  /// Shows the profile of what is selected; asks first what its records are, unless that was said.
  mutating func openBucketProfile() -> [Request] {
    guard let place = isProfileOpen ? bucketProfile.place : profilePlace else { return [] }
    let isKnown = bucketProfile.place == place && bucketProfile.answer.value != nil
    guard isProfileOpen || !isKnown else {
      (isProfileOpen, focus) = (true, .fields)
      return []
    }
    let likely = record.record?.rawText.contains("\"song_id\"") == true ? "songs" : "events"
    return [
      .overlay(
        .choice(
          Choice(
            title: "Profile", text: "What are the records below \(place.text)?",
            answers: SourceKind.allCases.map { kind in
              .init(
                key: kind == .events ? "e" : "s", title: kind.rawValue,
                meaning: .profile(kind, place))
            } + [.init(key: .escape, title: "no profile", meaning: .stay)],
            enter: .profile(SourceKind(rawValue: likely) ?? .events, place))))
    ]
  }

  /// Reads a sample of a place.
  mutating func profile(
    _ place: BucketPlace, as kind: SourceKind, _ context: Context
  ) -> [Request] {
    if place != bucketProfile.place || kind != bucketProfile.kind {
      bucketProfile = BucketProfile(
        place: place, kind: kind, answer: bucketProfile.answer.emptied)
    }
    (isProfileOpen, focus) = (true, .fields)
    let id = bucketProfile.answer.begin(at: context.moment.uptime)
    return [
      .effect(
        .sources(.profileBucket(id, place, as: kind, unsigned: walk?.isUnsigned ?? false)))
    ]
  }

  /// Leaves the profile of a bucket, and the wait for it.
  mutating func closeBucketProfile() -> [Request] {
    let wasLoading = bucketProfile.answer.isLoading
    bucketProfile.answer.abandon()
    isProfileOpen = wasLoading && bucketProfile.answer.value != nil
    if !isProfileOpen { focus = .buckets }
    return wasLoading
      ? [.effect(.sources(.cancelBucketProfile)), .notice("the profile was cancelled")] : []
  }
}
