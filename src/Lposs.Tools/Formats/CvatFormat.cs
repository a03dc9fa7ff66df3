using System.Globalization;
using System.IO.Compression;
using Lposs.Files;

namespace Lposs.Tools.Formats;

/// <summary>
/// "cvat": cvat.zip, CVAT's "segmentation mask 1.1": labelmap.txt, the images' names, and an image of colours for each.
/// A colour stands for one class there, so of classes with one colour only the first keeps it.
/// </summary>
internal sealed class CvatFormat : ICollectionFormat
{
    private readonly Dictionary<int, RgbColour> _colours = [];
    private readonly string _labelMap;

    public CvatFormat(ClassList classes)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<RgbColour>();
        var lines = new List<string> { "# label:color_rgb:parts:actions" };
        // Classes that are first to ask for a colour have it; what others get must be nobody's.
        var wanted = classes.Classes.Select(ColourOf).ToHashSet();
        int next = 0;
        foreach (var c in classes.Classes)
        {
            var colour = ColourOf(c);
            while (!taken.Add(colour))
                colour = Unused(wanted, ref next);
            wanted.Add(colour);
            _colours[c.Id] = colour;
            lines.Add(Line(UniqueName(c.Name, names), colour));
        }
        // CVAT's word for pixels of no class.
        if (taken.Add(default) && names.Add("background"))
            lines.Insert(1, Line("background", default));
        _labelMap = string.Join('\n', lines) + "\n";
    }

    public string Name => "cvat";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of(StemPath.Fragments + "cvat/", stem, ".png")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        using var png = new MemoryStream();
        PngFile.WriteColours(png, result.Labels, label => label == result.Labels.NoData ? default : _colours[label]);
        return [ResultFile.Of(Paths(stem)[0], png)];
    }

    public void Assemble(string folder, IEnumerable<FinishedImage> images, ClassList classes) =>
        AtomicFile.Write(
            Path.Combine(folder, "cvat.zip"),
            stream =>
            {
                using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
                AddText(zip, "labelmap.txt", [_labelMap]);
                AddText(zip, "ImageSets/Segmentation/default.txt", images.Select(image => image.Stem + "\n"));
                foreach (var image in images)
                {
                    using var png = File.OpenRead(StemPath.In(folder, Paths(image.Stem)[0]));
                    using var member = FixedZip.Add(
                        zip,
                        $"SegmentationClass/{image.Stem}.png",
                        CompressionLevel.NoCompression
                    );
                    png.CopyTo(member);
                }
            }
        );

    private static void AddText(ZipArchive zip, string name, IEnumerable<string> lines)
    {
        using var member = FixedZip.Add(zip, name, CompressionLevel.Optimal);
        foreach (string line in lines)
            member.Write(System.Text.Encoding.UTF8.GetBytes(line));
    }

    private static string Line(string name, RgbColour colour) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}:{colour.R},{colour.G},{colour.B}::");

    // The label map has colons between its columns, and "#" begins a remark.
    private static string UniqueName(string name, HashSet<string> names)
    {
        string plain = name.Replace(':', '_').Replace('#', '_');
        string unique = plain;
        for (int i = 2; !names.Add(unique); i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{plain}_{i}");
        return unique;
    }

    private static RgbColour ColourOf(SegmentationClass c) => new(c.Colour.R, c.Colour.G, c.Colour.B);

    // An odd factor reaches each of the 2^24 colours once, far from the one before.
    private static RgbColour Unused(HashSet<RgbColour> taken, ref int next)
    {
        while (true)
        {
            int place = unchecked(++next * 10_368_889);
            RgbColour colour = new((byte)(place >> 16), (byte)(place >> 8), (byte)place);
            if (colour != default && !taken.Contains(colour))
                return colour;
        }
    }
}
