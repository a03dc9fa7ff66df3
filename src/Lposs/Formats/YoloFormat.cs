using System.Globalization;
using System.Text;
using System.Text.Json;
using Lposs.Encoding;
using Lposs.Files;
using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Formats;

/// <summary>
/// "yolo": yolo/labels/NAME.txt, a line for each region (pixels of one class that touch by their sides): the class's place in
/// the list, and the corners of its outline as shares of width and height; holes are joined to it by slits
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

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, RgbImage picture, SegmentationResult result)
    {
        var labels = result.Labels;
        var text = new StringBuilder();
        RegionOutlines.ForEach(labels, (label, corners) =>
        {
            text.Append(CultureInfo.InvariantCulture, $"{_places[label]}");
            foreach (var (x, y) in corners)
                text.Append(CultureInfo.InvariantCulture, $" {Share(x, labels.Width)} {Share(y, labels.Height)}");
            text.Append('\n');
        });
        return [new ResultFile(Paths(stem)[0], System.Text.Encoding.UTF8.GetBytes(text.ToString()))];
    }

    public void Assemble(string folder, IEnumerable<FinishedPicture> pictures, ClassList classes)
    {
        var text = new StringBuilder("path: .\nnames:\n");
        // A JSON string is a YAML string.
        foreach (var c in classes.Classes)
            text.Append(CultureInfo.InvariantCulture, $"  {_places[c.Id]}: \"{JsonEncodedText.Encode(c.Name)}\"\n");
        Directory.CreateDirectory(Path.Combine(folder, "yolo"));
        AtomicFile.WriteText(Path.Combine(folder, "yolo", "data.yaml"), text.ToString());
    }

    // Seven decimals give back the corner of a picture of up to 5 million pixels a side.
    private static string Share(int place, int size) => ((double)place / size).ToString("0.#######", CultureInfo.InvariantCulture);
}
