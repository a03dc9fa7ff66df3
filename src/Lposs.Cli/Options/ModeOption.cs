namespace Lposs.Cli.Options;

/// <summary>How far the method goes, in the words of the command line.</summary>
internal static class ModeOption
{
    private static readonly (string Word, SegmentationMode Mode)[] s_modes =
        [("vlm", SegmentationMode.Vlm), ("lposs", SegmentationMode.Lposs), ("lposs+", SegmentationMode.LpossPlus)];

    public static ChoiceOption<SegmentationMode> Create() => new(
        "--mode",
        "How far to go: vlm, the vision-language model's own scores; lposs, propagated over patches; lposs+, and over pixels.",
        "lposs+", s_modes);

    public static string Word(SegmentationMode mode) => s_modes.First(known => known.Mode == mode).Word;
}
