namespace Lposs.Cli.Files;

/// <summary>Where the results of one picture go; null for what is not wanted.</summary>
/// <param name="Input">The picture, as the user named it.</param>
internal sealed record PictureOutputs(
    string Input, string Labels, string? Overlay, string? Scores, string? ConfidencePicture, string? Confidence)
{
    /// <summary>The files by what they are.</summary>
    public IReadOnlyDictionary<string, string> ByName => new (string Name, string? Path)[]
    {
        ("labels", Labels),
        ("overlay", Overlay),
        ("scores", Scores),
        ("confidence", Confidence),
        ("confidence_picture", ConfidencePicture),
    }.Where(output => output.Path is not null).ToDictionary(output => output.Name, output => output.Path!);
}

/// <summary>What <c>lposs segment</c> writes beside the label map.</summary>
internal sealed record WantedOutputs(bool Overlay, bool Scores, bool Confidence);

/// <summary>
/// Where the results of a run go, settled before it starts: no file is written twice, and none over a picture that
/// is read.
/// </summary>
internal sealed class OutputPlan
{
    private const string ClassFileName = "classes.json";

    /// <exception cref="UsageException">Two results would be one file, or a result a picture.</exception>
    public OutputPlan(IReadOnlyList<string> inputs, string folder, WantedOutputs wanted)
    {
        Folder = folder;
        ClassFile = Path.Combine(folder, ClassFileName);
        Pictures = [.. inputs.Select(input => OutputsOf(input, folder, wanted))];
        RefuseSharedFiles();
    }

    /// <summary>The folder, as the user named it; made with the first file.</summary>
    public string Folder { get; }

    /// <summary>The class file of the run.</summary>
    public string ClassFile { get; }

    /// <summary>In the order of the inputs.</summary>
    public IReadOnlyList<PictureOutputs> Pictures { get; }

    private static PictureOutputs OutputsOf(string input, string folder, WantedOutputs wanted)
    {
        string file = Path.GetFileName(input);
        if (file is "" or "." or "..")
            throw new UsageException($"'{input}' is a folder; name pictures, such as {Path.Combine(input, "*.jpg")}");
        // A name such as ".png" is all extension.
        string name = Path.GetFileNameWithoutExtension(file) is { Length: > 0 } stem ? stem : file;
        string? At(bool isWanted, string ending) => isWanted ? Path.Combine(folder, name + ending) : null;
        return new PictureOutputs(
            input,
            At(true, ".png")!,
            At(wanted.Overlay, "_overlay.png"),
            At(wanted.Scores, "_scores.npy"),
            At(wanted.Confidence, "_confidence.png"),
            At(wanted.Confidence, "_confidence.npy"));
    }

    private void RefuseSharedFiles()
    {
        var inputs = Pictures.Select(picture => Path.GetFullPath(picture.Input)).ToHashSet();
        var writers = new Dictionary<string, string>();
        foreach (var picture in Pictures)
        {
            foreach (string path in picture.ByName.Values)
            {
                string full = Path.GetFullPath(path);
                if (inputs.Contains(full))
                    throw new UsageException($"'{path}', a result of '{picture.Input}', would replace a picture that is read; name another folder with --output");
                if (!writers.TryAdd(full, picture.Input))
                {
                    throw new UsageException(writers[full] == picture.Input
                        ? $"'{picture.Input}' is named twice"
                        : $"'{writers[full]}' and '{picture.Input}' would both be written to '{path}'; run them one by one with an --output of their own");
                }
            }
        }
    }
}
