/** Names that stand in for found ones; own lists, short and common on purpose. */
export const surrogateNames = {
  female:
    "Abby Alice Amelia Bella Bianca Carla Celia Clara Cora Daphne Della Edith Elena Elsa Emilia Esther Fiona Flora Frida Gemma Greta Hannah Hazel Helen Ida Ingrid Irene Isla Ivy Jana Julia Karin Klara Lara Leah Lena Lilian Linda Lucia Mabel Marta Maya Mila Mona Nadia Nell Nina Nora Olga Olive Paula Petra Phoebe Ramona Rita Rosa Ruth Sabine Selma Sonia Stella Tara Tessa Thea Una Vera Viola Wanda Wilma Yvonne Zelda Zoe".split(
      " ",
    ),
  male: "Aaron Adam Albert Alvin Anton Arno Axel Barry Ben Bruno Caleb Carl Cedric Cyril Daniel Denis Dominic Edgar Emil Eric Ernest Felix Finn Floyd Fred Gavin Gilbert Gregor Harald Hector Henry Hugo Ian Igor Ivan Jasper Joel Jonas Julian Karl Keith Konrad Lars Leo Leon Linus Lloyd Lucas Magnus Marcel Martin Max Milo Neil Niels Oliver Oscar Otto Patrick Paul Peter Quentin Ralph Rene Robert Rufus Samuel Simon Stefan Ted Theo Tobias Victor Vincent Walter Wayne Xaver Yann".split(
    " ",
  ),
  surname:
    "Abbott Archer Ashford Barlow Bates Beck Bishop Blake Bowen Brandt Briggs Burton Calder Carver Chandler Clifton Conway Cooke Crane Dalton Darby Dawson Denton Dexter Drake Dunn Eaton Ellison Everett Farrow Fenton Finch Fletcher Foster Gibbs Goddard Granger Hale Hardy Harlow Hayes Holt Hooper Hurst Irwin Jarvis Keller Kemp Kendall Kirby Lambert Langley Lowell Marsh Mercer Merritt Morrow Nash Norris Norton Osborne Page Parrish Payne Pierce Porter Prescott Quinn Ramsey Rawlins Reeves Rhodes Rowe Sawyer Sheldon Slater Spencer Stafford Sterling Sutton Talbot Thorne Tilden Tucker Vance Wallis Warner Weaver Webster Wheeler Wilder Winslow Wyatt Yates".split(
      " ",
    ),
  city: "Ashbrook Brookhaven Clearwater Eastfield Fairmont Glenwood Hartley Kingsport Lakewood Maplewood Milford Newbridge Northfield Oakdale Riverton Rockport Silverton Springdale Stonebridge Westbrook".split(
    " ",
  ),
} as const;

/** Words that are names too: they need a strong signal. */
export const ambiguousNames: ReadonlySet<string> = new Set(
  "york rico santa west florida easter tuesday monday wednesday thursday friday saturday sunday way worth name missouri nike link else man say brain care modesto barbie georgia carolina dakota jordan israel india china kenya will may hope grace joy mark art bill rose faith april june august summer dawn eve angel christian grant frank rich guy pat sue drew chase chance hunter mason case dean gene ray rob skip ward wade young love price max page star sky penny an in so do my me see un le la long so sunny star stone storm sterling patience prudence charity constance clarity destiny serenity harmony melody miracle precious princess prince king queen duke earl major baron royal forest river rain rainbow ocean sage ginger olive basil pepper candy honey ivy lily daisy violet iris heather holly autumn winter spring monday friday sunday sandy dusty rusty sonny buddy junior lucky happy merry jolly noble loyal true justice liberty freedom trinity heaven eden paris london china india asia america africa israel jordan kenya savannah carolina virginia georgia dakota austin dallas houston denver phoenix brooklyn chelsea sydney florence victoria alexandria tiny baby bunny kitty teddy pearl ruby jade amber crystal diamond gold silver coral sapphire opal jewel gem art cliff dale glen heath rock clay sandy shell stormy windy misty cloud sol luna venus apollo mars era ever every many any one two some no not yes or and the if is it be am are was has have had can could would should shall might must than then there that this those these they them their he she his her him we us our you your who what when where why how all both each few more most other such only own same too very just but while after before above below between through during again further once here now new old good great little big right left first last next early late lot let make take get give go come know think feel want need try ask work seem leave call keep begin start help talk turn show hear play run move live believe hold bring happen write sit stand lose pay meet include continue set learn change lead understand watch follow stop create speak read spend grow open walk win offer remember consider appear buy wait serve die send expect build stay fall cut reach kill raise pass sell require report decide pull bliss blessing treasure desire passion comfort mercy temple bishop pope deacon abbot saint holy christ jesus mary god lord allah".split(
    " ",
  ),
);
