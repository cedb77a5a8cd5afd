namespace Meed.Rewards.Text;

/// <summary>Small English word lists that several rewards share.</summary>
public static class EnglishLists
{
    /// <summary>The 179 function words usually called English stop words: pronouns, auxiliaries, prepositions, particles and their contractions.</summary>
    public static IReadOnlySet<string> StopWords { get; } = Set(
        "i me my myself we our ours ourselves you you're you've you'll you'd your yours yourself yourselves he him his himself she she's her hers herself it it's its itself " +
        "they them their theirs themselves what which who whom this that that'll these those am is are was were be been being have has had having do does did doing a an the " +
        "and but if or because as until while of at by for with about against between into through during before after above below to from up down in out on off over under " +
        "again further then once here there when where why how all any both each few more most other some such no nor not only own same so than too very s t can will just " +
        "don don't should should've now d ll m o re ve y ain aren aren't couldn couldn't didn didn't doesn doesn't hadn hadn't hasn hasn't haven haven't isn isn't ma mightn " +
        "mightn't mustn mustn't needn needn't shan shan't shouldn shouldn't wasn wasn't weren weren't won won't wouldn wouldn't");

    /// <summary>Personal, possessive and reflexive pronouns.</summary>
    public static IReadOnlySet<string> Pronouns { get; } = Set(
        "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs themselves");

    /// <summary>The seven coordinating conjunctions.</summary>
    public static IReadOnlySet<string> CoordinatingConjunctions { get; } = Set("and but for nor or so yet");

    /// <summary>About 400 common verbs in their base form.</summary>
    public static IReadOnlySet<string> Verbs { get; } = Set(
        "accept access achieve acknowledge act adapt add address adjust adopt advance advise agree aim align allow allocate analyze analyse answer anticipate apologize appear apply appreciate approach arrange arrive ask assemble assess assign assist assume attach attempt attend avoid " +
        "bake balance be beat become begin behave believe belong bid blend block boil book boost borrow break breathe bring broadcast browse build burn buy calculate call cancel capture care carry cast catch celebrate center challenge change charge chase check choose chop clarify clean clear click climb close collaborate collect combine come " +
        "comfort commit communicate compare compete compile complete compose comprehend compute concentrate conclude conduct confirm connect consider construct consult contact contain continue contribute control convert convey convince cook cool coordinate copy correct count cover craft create cross cultivate customize cut dance deal decide decorate decrease dedicate define delegate deliver demonstrate deny depend " +
        "derive describe design detail detect determine develop devise differentiate dig discover discuss display distribute dive divide do document draft drain draw dream dress drink drive drop earn eat edit educate elevate eliminate embark embrace emerge emphasize employ empower enable encourage end engage enhance enjoy ensure enter envision establish estimate evaluate examine exceed exchange execute exercise exist expand " +
        "expect experience experiment explain explore express extend extract face facilitate factor fail fall familiarize fasten feed feel fetch fight figure fill filter find finish fit fix flip float flow fly focus fold follow forget forgive form formulate foster gain gather gaze generate get give go grab grade grasp grow guide handle hang happen harness have hear heat help hide highlight hire hit hold honor hope identify " +
        "ignore illuminate illustrate imagine immerse implement imply import improve include incorporate increase indicate indulge inform initialize initiate innovate insert inspect inspire install integrate introduce invest investigate invite involve iterate join journey judge jump justify keep kick know laugh launch lay lead lean learn leave lend let leverage lie lift light limit link list listen live locate look lose love maintain make " +
        "manage map mark master match mean measure meet mention merge mind minimize mix modify monitor motivate mount move navigate need negotiate note notice notify obtain offer open operate opt optimize order organize overcome paint participate pass pay perform permit persuade pick picture place plan plant play please point ponder pour practice praise predict prefer prepare present preserve press prevent print prioritize proceed process " +
        "produce promote propose protect prove provide publish pull purchase pursue push put raise reach read realize recall receive recognize recommend reconsider record recover recruit reduce refer refine reflect refrain regulate reject relate relax release rely remain remember remind remove render repeat replace reply report represent request require research reserve resolve respect respond rest restore result retain rethink return reveal review " +
        "revise rewrite ride rinse rise roll rotate run save say scan schedule search season secure see seek seem select sell send serve set settle shake shape share shift shine shop show shut simplify sing sit slice sleep slide solve sort speak specify spend split spread stand start state stay step stick stir stop store strengthen stretch strike strive structure study submit substitute subtract succeed suggest summarize support suppose surround " +
        "survive switch tackle tailor take talk tap taste teach tell tend test thank think throw tie toss touch track train transfer transform translate transport travel treat trim trust try turn type understand unleash unlock update upgrade uphold use utilize validate value vary verify view visit visualize wait wake walk want warm warn wash watch wear weigh welcome whisk win wipe wish wonder work worry wrap write yield zoom " +
        "is are was were been am has had did does said made went took came saw knew got gave found thought told became left felt put brought began kept held wrote stood heard let meant met paid sat spoke led grew lost fell built understood sent ran ate dove wept swam");

    private static HashSet<string> Set(string words) => new(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
