using Lposs.Files;
using Lposs.Tools.Formats;

namespace Lposs.Cli.Output;

/// <summary>Writes the results of images in every format, each file whole or not at all.</summary>
internal sealed class ResultWriter : IDisposable
{
    private readonly ResultTarget _target;
    private readonly IResultFormat[] _formats;
    private readonly ClassList _classes;
    private readonly List<FinishedImage> _finished = [];
    private WorkFolder? _parts;

    public ResultWriter(ResultTarget target, IResultFormat[] formats, ClassList classes)
    {
        _target = target;
        _formats = formats;
        _classes = classes;
    }

    /// <summary>Writes the results of an image.</summary>
    public void Write(NamedImage name, Image image, SegmentationResult result, CancellationToken cancellationToken)
    {
        if (!_target.IsFile)
            Prepare();
        foreach (var format in _formats)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var files = format.Encode(name.Stem, Path.GetFileName(name.Input), image, result);
            if (_target.IsFile)
                AtomicFile.Write(_target.Path, stream => stream.Write(files[0].Contents.Span));
            else
                Write(format is ICollectionFormat ? Parts() : _target.Path, files);
        }
        _finished.Add(
            new FinishedImage(Path.GetFileName(name.Input), name.Stem, result.Labels.Width, result.Labels.Height)
        );
    }

    /// <summary>Writes the files of the whole collection, and names them.</summary>
    public IReadOnlyList<string> Finish()
    {
        if (_parts?.Folder is not { } parts)
            return [];
        var images = _finished.OrderBy(image => image.InputName, StringComparer.Ordinal);
        foreach (var format in _formats.OfType<ICollectionFormat>())
            format.Assemble(parts, images, _classes);
        var ofOneImage = _finished
            .SelectMany(image => _target.PathsOf(image.Stem).Values)
            .Select(Path.GetFullPath)
            .ToHashSet();
        List<string> written = [];
        foreach (string part in Directory.EnumerateFiles(parts, "*", SearchOption.AllDirectories).Order())
        {
            string name = Path.GetRelativePath(parts, part);
            if (name.StartsWith('.'))
                continue;
            string path = Path.Combine(_target.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(part, path, overwrite: true);
            if (!ofOneImage.Contains(Path.GetFullPath(path)))
                written.Add(path);
        }
        return written;
    }

    public void Dispose() => _parts?.Dispose();

    private void Prepare()
    {
        OutputFolder.Create(_target.Path);
        if (_finished.Count == 0)
            AtomicFile.RemoveLeftovers(_target.Path, withFoldersBelow: false);
    }

    private static void Write(string folder, IReadOnlyList<ResultFile> files)
    {
        foreach (var file in files)
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(file.Contents.Span));
        }
    }

    /// <summary>Where the files of a collection are put together.</summary>
    private string Parts() => (_parts ??= new WorkFolder(_target.Path)).Folder;
}
