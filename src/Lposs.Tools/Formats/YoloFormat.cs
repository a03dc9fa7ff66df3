using System.Globalization;
using System.Text;
using Lposs.Files;

namespace Lposs.Tools.Formats;

/// <summary>
/// "yolo": yolo/labels/NAME.txt, a line for each region (pixels of one class that touch by their sides): the class's
/// place in the list, and the corners of its outline as shares of width and height; holes are joined to it by slits
/// (<see cref="RegionOutlines"/>). yolo/data.yaml names the classes.
/// </summary>
internal sealed class YoloFormat : ICollectionFormat
{
    private readonly Dictionary<int, int> _places;

    public YoloFormat(ClassList classes) =>
        _places = classes.Classes.Select((c, place) => (c.Id, place)).ToDictionary(pair => pair.Id, pair => pair.place);

    public string Name => "yolo";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("yolo/labels/", stem, ".txt")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        var labels = result.Labels;
        var text = new StringBuilder();
        RegionOutlines.ForEach(
            labels,
            (label, corners) =>
            {
                text.Append(CultureInfo.InvariantCulture, $"{_places[label]}");
                foreach (var (x, y) in corners)
                    text.Append(CultureInfo.InvariantCulture, $" {Share(x, labels.Width)} {Share(y, labels.Height)}");
                text.Append('\n');
            }
        );
        return [new ResultFile(Paths(stem)[0], System.Text.Encoding.UTF8.GetBytes(text.ToString()))];
    }

    public void Assemble(string folder, IEnumerable<FinishedImage> images, ClassList classes)
    {
        var text = new StringBuilder("path: .\nnames:\n");
        foreach (var c in classes.Classes)
            text.Append(CultureInfo.InvariantCulture, $"  {_places[c.Id]}: {Quoted(c.Name)}\n");
        Directory.CreateDirectory(Path.Combine(folder, "yolo"));
        AtomicFile.WriteText(Path.Combine(folder, "yolo", "data.yaml"), text.ToString());
    }

    /// <summary>
    /// A YAML string. Not a JSON one: there a character beyond U+FFFF may be written as two halves, which YAML would
    /// take for two characters that do not exist.
    /// </summary>
    private static string Quoted(string name)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                text.Append('\\').Append((char)rune.Value);
            else if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xFEFF or 0xFFFE or 0xFFFF)
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                text.Append(rune);
        }
        return text.Append('"').ToString();
    }

    // Seven decimals give back the corner of an image of up to 5 million pixels a side.
    private static string Share(int place, int size) =>
        ((double)place / size).ToString("0.#######", CultureInfo.InvariantCulture);
}
