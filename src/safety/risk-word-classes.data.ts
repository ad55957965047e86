/**
 * Words that the linear model reads as one: the first of each line stands for all. Inflections of English verbs and
 * nouns are cut before (`stemOf`). Written for this project. Words stand without accents and apostrophes.
 */
export const wordClasses: readonly string[] = `
person mom mum mother mama mommy mummy dad father papa daddy sister brother sis bro wife husband hubby spouse partner boyfriend bf girlfriend gf fiance fiancee son daughter kid kids child children baby family parent parents cousin aunt uncle grandma grandpa grandmother grandfather roommate flatmate friend bestie buddy mate ex stepdad stepmom stepfather stepmother stepbrother stepsister niece nephew coworker colleague boss neighbor neighbour classmate teacher
everyone everybody others people theyd theyll
nobody noone none
want wanna wanting wanted wants
going gonna gunna goin gon finna boutta imma ima
want2 wish hope pray long yearn wishing hoping
kill kms unalive neck murder offing
cut slit slash slice carve
tonight tonite 2nite tn
tomorrow tmrw tmr tomorow tommorow
now rn immediately
cant cannot couldnt
dont dnt doesnt didnt dun
anymore nomore
because cuz cause bc coz cos
im iam
you u ya
dead deceased gone
die dying perish pass
suicide suicidal suicde suiside suicidle sewerslide sewercide suicidality
pill pills med meds medication medicine tablet tablets capsule painkiller antidepressant paracetamol tylenol ibuprofen xanax insulin aspirin
gun pistol rifle shotgun handgun revolver
rope noose belt
blade razor knife scissor
bridge cliff roof ledge balcony rooftop overpass railing
train bus truck lorry traffic
hopeless hopless despairing
worthless wrothless useless pathetic
depressed depresed miserable wretched
sad down low blue unhappy
lonely lonly alone isolated
empty hollow numb
scared afraid terrified frightened
tired exhausted weary sick drained fed
awful terrible horrible rotten crap shit shitty
hate loathe despise detest
pain hurt suffering ache agony
cry sob weep bawl
life living
world earth
hit slap punch kick shove beat smack
choke strangle
rape molest assault
stop quit cease end
never nevr
nothing nothin
think thought imagine picture fantasize fantasise
happy glad excited proud grateful
really very super extremely
movie film novel book song series episode game show
`
  .trim()
  .split("\n");
