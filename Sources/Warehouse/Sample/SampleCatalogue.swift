import Glibc

/// An artist, made from its number alone.
struct SampleArtist {
  let id: String
  let name: String
  /// Whether the name is digits, and stands in the files as a number.
  let isNumber: Bool
  let location: String
  /// As the catalogue writes them; nil when nobody knows.
  let coordinates: (latitude: String, longitude: String)?

  init(_ index: Int, seed: UInt64, dirt: SampleDirt) {
    var random = SampleRandom(seed: seed, .artist, index)
    id = "AR" + SampleCatalogue.identifier(index, &random)
    isNumber = index > 0 && random.chance(dirt.numbersAsText)
    let named = Self.name(&random)
    name =
      index == 0 ? SampleCatalogue.hitArtist : isNumber ? String(random.below(2000) + 1) : named
    // 55 of 100 artists in the real catalogue have a location, 35 have coordinates.
    let home = random.pick(SamplePlaces.hometowns, or: ("", "0.0", "0.0"))
    let draw = random.unit()
    location = draw < 0.55 ? home.name : ""
    coordinates = draw < 0.35 ? (home.latitude, home.longitude) : nil
  }

  private static func name(_ random: inout SampleRandom) -> String {
    func adjective() -> String { random.pick(SampleWords.adjectives, or: "") }
    func noun() -> String { random.pick(SampleWords.nouns, or: "") }
    func person() -> String {
      random.pick(SampleWords.firstNames, or: ("", "")).name + " "
        + random.pick(SampleWords.lastNames, or: "")
    }
    switch random.below(100) {
    case ..<24: return "The \(adjective()) \(noun())s"
    case ..<44: return person()
    case ..<58: return "\(adjective()) \(noun())"
    case ..<68: return "\(noun()) & \(noun())"
    case ..<78:
      return "\(adjective()) \(noun()) \(random.pick(SampleWords.ensembles, or: ""))"
    case ..<83: return "\(person()) \(random.pick(SampleWords.ensembles, or: ""))"
    case ..<87: return "DJ \(noun())"
    case ..<90: return "\(person()) / \(person())"
    case ..<92: return "\(person()) \"\(adjective())\" \(noun())"
    default:
      let name = random.pick(SampleWords.internationalNames, or: "")
      return random.chance(0.6) ? name : "\(name) & \(person())"
    }
  }
}

/// A song, made from its number alone.
struct SampleSong {
  let id: String
  let title: String
  let artist: Int
  /// In hundred-thousandths of a second. Even in the catalogue, odd outside it: a play of a song
  /// that the catalogue lacks never equals one that it has.
  let duration: Int
  /// 0 when nobody knows.
  let year: Int

  init(_ index: Int, in catalogue: SampleCatalogue) {
    let dirt = catalogue.dirt
    var random = SampleRandom(seed: catalogue.seed, .song, index)
    id = "SO" + SampleCatalogue.identifier(index, &random)
    var title = Self.title(&random)
    if random.chance(dirt.controlCharacters) {
      title = title.contains("'") ? title.replacing("'", with: "\u{19}") : title + " \u{13} Live"
    }
    if random.chance(dirt.trailingSpaces) { title += " " }
    self.title = index == 0 ? SampleCatalogue.hitTitle : title
    artist = index == 0 ? 0 : catalogue.artist(of: index)
    // About four minutes: the real catalogue's mean is 246.8 s, from 6 s to 2,709 s.
    let seconds = min(max(232 * exp(0.36 * random.normal()), 7), 2700)
    duration = Int(seconds * 50_000) * 2 + (index < catalogue.songs ? 0 : 1)
    let known = random.chance(0.68)
    year = known ? 2010 - min(Int(random.exponential(mean: 9)), 83) : 0
  }

  private static func title(_ random: inout SampleRandom) -> String {
    func adjective() -> String { random.pick(SampleWords.adjectives, or: "") }
    func noun() -> String { random.pick(SampleWords.nouns, or: "") }
    func verb() -> String { random.pick(SampleWords.verbs, or: "") }
    let title =
      switch random.below(100) {
      case ..<24: "\(adjective()) \(noun())"
      case ..<34: "\(noun()) Of The \(adjective()) \(noun())"
      case ..<44: "\(verb()) Me"
      case ..<54: "\(noun()) In The \(noun())"
      case ..<60: "Don't \(verb()) The \(noun())"
      case ..<66: "I'll \(verb()) Your \(noun())"
      case ..<72: "The \(noun())'s \(noun())"
      case ..<80: "\(verb()) The \(noun())"
      case ..<86: "\(adjective()) And \(adjective())"
      case ..<90: "\(noun())_ \(noun())"
      case ..<92: "\"\(adjective())\" \(noun())"
      case ..<96: "Never \(verb()) A \(adjective()) \(noun())"
      default: "Canción del \(noun()) \(random.below(9) + 1)"
      }
    switch random.below(20) {
    case 0: return title + " (Album Version)"
    case 1: return title + " (Live)"
    case 2: return title + " (Remix)"
    default: return title
    }
  }
}

/// The songs that can be played: those of the catalogue, and after them those outside it.
struct SampleCatalogue {
  /// Artist and title of the song that everybody comes to play.
  static let hitArtist = "Neon Harbour"
  static let hitTitle = "Satellite Summer"

  let seed: UInt64
  let dirt: SampleDirt
  /// How many songs the catalogue holds; numbers from here on are outside.
  let songs: Int
  /// How many songs there are in all.
  let all: Int
  private let artists: Int

  init(_ options: SampleOptions) {
    seed = options.seed
    dirt = options.dirt
    songs = options.songs
    let share = options.outsideShare
    let outside = share <= 0 ? 0 : Double(songs) * share / max(1 - share, 0.02)
    all = songs + min(max(share > 0 ? 1 : 0, Int(outside)), 400_000)
    // The real catalogue has 9,553 artists for 14,896 songs.
    artists = max(1, songs * 64 / 100)
  }

  /// The artist of a song: some have many, most one or two.
  func artist(of song: Int) -> Int {
    var random = SampleRandom(seed: seed, .artistOfSong, song)
    let position = random.unit()
    return min(artists - 1, Int(Double(artists) * position * position.squareRoot()))
  }

  /// Sixteen characters: five letters that no other index has, eleven that are random.
  static func identifier(_ index: Int, _ random: inout SampleRandom) -> String {
    var bytes = letters(index, count: 5)
    for _ in 0..<11 { bytes.append(Array("0123456789ABCDEF".utf8)[random.below(16)]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `count` letters, another combination for each index below 26 to the power of `count`: the
  /// factor shares no divisor with 26.
  static func letters(_ index: Int, count: Int) -> [UInt8] {
    var modulus = 1
    for _ in 0..<count { modulus *= 26 }
    var rest = ((index % modulus) * 7_368_787 + 3_141_592) % modulus
    var letters = [UInt8](repeating: UInt8(ascii: "A"), count: count)
    for position in letters.indices.reversed() {
      letters[position] += UInt8(rest % 26)
      rest /= 26
    }
    return letters
  }

  /// The name of a song's file without its ending, like `TRAXBLK128F930B12E`.
  func track(of song: Int) -> [UInt8] {
    var random = SampleRandom(seed: seed, .track, song)
    var bytes = Array("TRA".utf8) + Self.letters(song, count: 4) + Array("128F".utf8)
    for _ in 0..<7 { bytes.append(Array("0123456789ABCDEF".utf8)[random.below(16)]) }
    return bytes
  }

  /// Adds a song's record as the catalogue spells it.
  func append(_ song: SampleSong, by artist: SampleArtist, to bytes: inout [UInt8]) {
    func name(_ text: String) { bytes += Array(text.utf8) }
    name("{\"artist_id\":\"\(artist.id)\",\"artist_latitude\":")
    name(artist.coordinates?.latitude ?? "null")
    name(",\"artist_location\":")
    bytes.appendJSON(artist.location)
    name(",\"artist_longitude\":")
    name(artist.coordinates?.longitude ?? "null")
    name(",\"artist_name\":")
    if artist.isNumber { name(artist.name) } else { bytes.appendJSON(artist.name) }
    name(",\"duration\":")
    bytes.appendDecimal(hundredThousandths: song.duration)
    name(",\"num_songs\":1,\"song_id\":\"\(song.id)\",\"title\":")
    bytes.appendJSON(song.title)
    name(",\"year\":\(song.year)}")
  }
}
