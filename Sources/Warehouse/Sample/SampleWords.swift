/// The words that names and titles are made of. All of them are ours.
enum SampleWords {
  /// First names with the gender that they go with.
  static let firstNames: [(name: String, gender: String)] =
    words(
      """
      Ada Adele Alice Amara Amelia Anita Anna Aria Aurora Ava Beatrice Bella Bianca Brooke Camila
      Carla Caroline Cecilia Chloe Clara Cora Daisy Dalia Delia Diana Edith Elena Elise Ella Emma
      Esther Eva Faith Fiona Flora Freya Gemma Grace Greta Hannah Harper Hazel Heidi Helen Ida Ines
      Irene Iris Isabel Ivy Jada Jasmine Joan Josie Julia June Kaitlyn Kara Katie Kayla Layla Leah
      Lena Lila Lily Lucia Lydia Mabel Maria Martha Maya Megan Mia Mila Molly Nadia Naomi Nina Nora
      Olive Paige Paula Pearl Petra Priya Rachel Rita Rosa Ruby Ruth Sadie Sara Selma Sofia Stella
      Tara Tessa Thea Uma Vera Violet Willow Yara Zoe
      """
    ).map { ($0, "F") }
    + words(
      """
      Aaron Abel Adam Adrian Aidan Alan Albert Amir Andre Anton Arlo Asher Austin Benjamin Bruno
      Caleb Calvin Carlos Cedric Colin Connor Cyrus Damian Daniel David Dean Diego Dominic Dylan
      Edgar Eli Emil Enzo Eric Ethan Evan Ezra Felix Finn Frank Gabriel Gavin George Hank Harold
      Hugo Ian Isaac Ivan Jack Jacob James Jared Jesse Joel Jonas Jordan Juan Julian Kai Karl Kevin
      Kofi Leo Levi Liam Logan Lorenzo Louis Lucas Luis Malik Marco Marcus Mario Martin Mason Mateo
      Max Miles Nathan Neil Noah Oliver Omar Oscar Owen Pablo Paul Philip Quinn Rafael Ravi Remy
      Ryan Samuel Sean Silas Simon Theo Thomas Tobias Victor Walter Wyatt Xavier Zane
      """
    ).map { ($0, "M") }

  /// Last names, for listeners and for artists.
  static let lastNames = words(
    """
    Abbott Acosta Adler Ahmed Alvarez Andersen Archer Arnold Baker Barnes Becker Bell Bennett
    Bishop Blake Bowman Brennan Brooks Burke Calderon Campbell Carter Castro Chan Chavez Clarke
    Cole Cooper Crane Cruz Dalton Daniels Davies Delgado Diaz Dixon Dunn Ellis Espinoza Evans
    Farrell Ferreira Fischer Fletcher Flores Foster Fowler Frost Fuentes Garcia Gibson Gomez
    Graham Grant Greene Griffin Gupta Hale Hansen Harper Hart Hayes Henderson Herrera Hoffman
    Holland Hughes Hunt Ibrahim Ingram Jackson Jensen Johnson Jones Keller Kelly Kennedy Khan Kim
    King Klein Knight Kowalski Lambert Larsen Lawson Lee Lopez Marsh Martinez Mason Mendoza Meyer
    Mills Mitchell Moreno Morris Murphy Nash Navarro Nelson Nguyen Novak Obrien Olsen Ortega
    Owens Palmer Parker Patel Pearson Perez Porter Powell Quintero Ramos Reed Reyes Rhodes Rivera
    Robinson Rojas Romero Rossi Russell Santos Schmidt Shaw Silva Singh Smith Snyder Soto Stone
    Sullivan Suzuki Tanaka Torres Tucker Vargas Vega Wagner Walsh Warren Watson Weaver Weber
    Wells West Wolfe Wong Wright Yang York Young Zamora Ziegler
    """)

  /// What things are like.
  static let adjectives = words(
    """
    Amber Ancient Arctic Auburn Azure Bitter Blind Blue Borrowed Brave Brass Bright Broken Burning
    Careless Cold Copper Cosmic Crimson Crooked Curious Dark Daring Deep Distant Dizzy Electric
    Emerald Empty Endless Eternal Faded Fearless Feral Final First Floating Foreign Forgotten
    Fragile Frozen Gentle Ghostly Gilded Glass Golden Grand Green Half Hidden Hollow Holy Honest
    Humble Hungry Idle Indigo Infinite Iron Ivory Jaded Kind Last Late Lazy Little Lonely Long
    Lost Loud Lucid Lucky Lunar Magnetic Marble Midnight Modern Molten Muted Naked Narrow Neon
    Nervous New Noble Northern Odd Old Open Orange Pale Paper Patient Perfect Phantom Plastic
    Polar Proud Quiet Radiant Rapid Rare Reckless Red Restless Rising Royal Rusty Sacred Scarlet
    Second Secret Severed Shallow Silent Silver Simple Slow Small Soft Solar Southern Spare Static
    Steel Strange Sudden Summer Sweet Tender Thin Third Tidal Tiny Twisted Urban Vacant Velvet
    Violet Wandering Warm Wasted Wicked Wild Winter Wooden Yellow Young
    """)

  /// Things.
  static let nouns = words(
    """
    Anchor Angel Animal Anthem Arcade Arrow Atlas Aurora Autumn Avenue Balloon Bandit Basement
    Beacon Bell Bird Blossom Boulevard Bridge Cabin Candle Canyon Captain Caravan Carousel
    Cathedral Cathode Chapel Choir Circus City Cliff Clock Coast Comet Compass Corner Coyote Crow
    Crown Dancer Dawn Daydream Desert Diamond Dollar Dream Driver Dust Echo Ember Engine Eyes
    Falcon Feather Fever Field Fire Flame Flower Forest Fortune Fountain Fox Garden Gasoline
    Ghost Giant Glacier Habit Hallway Harbour Harvest Heart Hero Highway Hill Home Honey Horizon
    Horse House Hurricane Island Jacket Journey Jungle Kingdom Kite Ladder Lake Lantern Letter
    Light Lighthouse Lion Machine Mansion Market Meadow Memory Mercy Meteor Mirror Money Monument
    Moon Morning Motel Mountain Museum Needle Night Ocean Orchard Orchid Palace Panther Paradise
    Parade Pilot Planet Pocket Poet Postcard Prayer Promise Radio Rain Raven Reason Ribbon River
    Road Rocket Rose Sailor Satellite Season Shadow Shelter Signal Sister Skyline Smoke Snow
    Soldier Song Sparrow Spring Stadium Station Stone Storm Story Stranger Street Summer Sun
    Sunday Swan Taxi Teacher Temple Theatre Thief Thunder Tiger Timber Tower Traffic Train
    Traveller Tree Trouble Valley Village Violin Voice Wagon Wall Water Wave Weather Whisper
    Willow Window Winter Wire Wolf Wonder World Yesterday
    """)

  /// What people do.
  static let verbs = words(
    """
    Believe Breathe Carry Chase Come Dance Dream Drive Fall Fly Follow Forget Forgive Hold Hide
    Keep Kiss Know Leave Listen Lose Love Need Remember Run Save Shake Sing Sleep Stay Stop Take
    Touch Try Turn Wait Wake Walk Want Watch Wonder Write
    """)

  /// Who plays together.
  static let ensembles = words(
    """
    Band Brothers Collective Club Ensemble Experience Family Orchestra Project Quartet Sisters
    Society Sound Trio Union
    """)

  /// Names that do not stop at ASCII: accents, other scripts, and some that are two cells wide.
  static let internationalNames = lines(
    """
    Björn Åkesson
    Señor Relámpago
    Émile Dufrêne
    Żółta Łódka
    Sigríður Þórsdóttir
    Les Écureuils Fâchés
    Mañana Eléctrica
    João Antônio Conceição
    Trubači Černého Lesa
    Gülşen Çiçek
    Die Übermüdeten
    Café Møller
    Dvořákovi Žáci
    Nơi Bình Yên
    Ståle & Søstrene
    Coração Ímpar
    Brážď
    Señoritas de Ávila
    Αστέρια του Βορρά
    Λευκή Σελήνη
    Ночной Трамвай
    Тихий Океан
    Зимове Сонце
    東京ナイトライン
    桜坂カルテット
    台北花園
    青い自転車
    夜市樂團
    서울의 아침
    한강 라디오
    """)

  static func words(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "\n" }.map(String.init)
  }

  static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}
