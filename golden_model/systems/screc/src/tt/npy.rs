//! Tables and cores in NumPy's `.npy` and `.npz` files. What axes and keys mean is in
//! [`super::layout`] and `docs/tt_cores.md`.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use contract::foreign::{Foreign, sniff};
use contract::input;
use contract::input::{InputFault, Opened, Wanted};
use npyz::{DType, NpyFile, Order, WriterBuilder};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::array::{Array, Entry};
use super::layout::{Layout, Selection};
use super::{TtCores, TtError};

fn failed(what: &'static str, path: &Path, why: impl ToString) -> TtError {
    TtError::File {
        what,
        path: path.display().to_string(),
        // Some errors of the operating system and of crates have lines.
        why: why.to_string().lines().collect::<Vec<_>>().join(" "),
    }
}

/// Reads a dense table of two axes: its elements row-major, its rows and its columns.
///
/// # Errors
/// If the file cannot be read or is no such array.
pub fn read_table(path: &Path) -> Result<(Vec<f32>, usize, usize), TtError> {
    let array = read_array(array_file(path, TABLE)?).map_err(|why| failed("read", path, why))?;
    match array.shape[..] {
        [rows, columns] if rows * columns > 0 => Ok((array.data, rows, columns)),
        _ => {
            let why = format!(
                "its shape is {:?}; a table has two axes, (rows, columns), and is not empty",
                array.shape
            );
            Err(failed("use", path, why))
        }
    }
}

/// Reads cores from one `.npz` file, one folder of `.npy` files, or several `.npy` files.
///
/// # Errors
/// If a file cannot be read, or no cores are found in it that [`Layout`] knows.
pub fn read_cores(paths: &[PathBuf], selection: &Selection) -> Result<(TtCores, Layout), TtError> {
    let name = paths.first().map_or(Path::new(""), PathBuf::as_path);
    if let [path] = paths
        && !path.is_dir()
    {
        let archive = |head: &[u8]| matches!(sniff(head), Some(Foreign::Npz | Foreign::Zip));
        let array = |head: &[u8]| sniff(head) == Some(Foreign::Npy);
        let opened = opened(path, CORES, |head| archive(head) || array(head))?;
        if array(&opened.head) {
            let why = "one file of cores must be an .npz; name a folder or several .npy files";
            return Err(failed("read", path, why));
        }
        if !archive(&opened.head) {
            let why = "it is no archive; an .npz is a zip archive of .npy files";
            return Err(failed("read", path, why));
        }
        if opened.packed {
            let why = "it is packed by gzip, but its arrays are read by their places; unpack it \
                       with `gzip -d`";
            return Err(failed("read", path, why));
        }
        let unreadable = |why: String| failed("read", path, why);
        let file = File::open(path).map_err(|why| failed("open", path, why))?;
        let mut archive = ZipArchive::new(BufReader::new(file))
            .map_err(|why| unreadable(format!("{why}; an .npz is a zip archive of .npy files")))?;
        let entries = entries(&mut archive).map_err(unreadable)?;
        return selection.cores(path, &entries, |at| {
            let entry = archive.by_index(entries[at].at);
            let entry = entry.map_err(|why| unreadable(why.to_string()))?;
            read_array(entry)
                .map_err(|why| unreadable(format!("array `{}`: {why}", entries[at].name)))
        });
    }
    let files = match paths {
        [folder] => files(folder)?,
        _ => paths.to_vec(),
    };
    let mut entries = Vec::new();
    for (at, path) in files.iter().enumerate() {
        let header = NpyFile::new(array_file(path, CORES)?);
        let header = header.map_err(|why| failed("read", path, why))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        entries.push(entry_of(name.into_owned(), header, at));
    }
    selection.cores(name, &entries, |at| {
        let path = &files[entries[at].at];
        read_array(array_file(path, CORES)?).map_err(|why| failed("read", path, why))
    })
}

const TABLE: Wanted = Wanted {
    what: "a table (.npy)",
    save: "save the table with numpy.save",
};
const CORES: Wanted = Wanted {
    what: "cores (.npz, or a folder of .npy files)",
    save: "save the cores with numpy.savez",
};

/// Opens a file that begins as `own` says.
fn opened(path: &Path, wanted: Wanted, own: impl Fn(&[u8]) -> bool) -> Result<Opened, TtError> {
    input::open(path, wanted, own).map_err(|error| match error.fault {
        InputFault::Open(why) => failed("open", path, why),
        fault => failed("read", path, fault),
    })
}

/// Opens an array, packed by gzip or not.
fn array_file(path: &Path, wanted: Wanted) -> Result<impl Read, TtError> {
    let opened = opened(path, wanted, |head| sniff(head) == Some(Foreign::Npy))?;
    match sniff(&opened.head) {
        Some(_) => Ok(opened.input),
        None => {
            let why = format!("it is no NumPy array; {}", wanted.save);
            Err(failed("read", path, why))
        }
    }
}

/// The `.npy` files of a folder by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, TtError> {
    let entries = fs::read_dir(folder).map_err(|why| failed("read", folder, why))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "npy"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(failed("read", folder, "it has no .npy files"));
    }
    Ok(files)
}

fn entries<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|why| why.to_string())?;
        let name = entry.name().to_owned();
        let Some(name) = name.strip_suffix(".npy") else {
            continue;
        };
        let header = NpyFile::new(entry).map_err(|why| format!("array `{name}`: {why}"))?;
        entries.push(entry_of(name.to_owned(), header, at));
    }
    Ok(entries)
}

fn entry_of<R: Read>(name: String, header: NpyFile<R>, at: usize) -> Entry {
    let shape = lengths(&header);
    // As NumPy has whole numbers; only `rows` is one.
    let number = shape.is_empty().then(|| {
        let wide = header.try_data::<i64>().map(|data| data.flatten().next());
        wide.ok().flatten()
    });
    Entry {
        name,
        shape,
        at,
        number: number
            .flatten()
            .and_then(|number| usize::try_from(number).ok()),
    }
}

fn lengths<R: Read>(file: &NpyFile<R>) -> Vec<usize> {
    file.shape().iter().map(|&len| len as usize).collect()
}

fn read_array(input: impl Read) -> Result<Array, String> {
    let text = |why: io::Error| why.to_string();
    let file = NpyFile::new(input).map_err(text)?;
    let shape = lengths(&file);
    let order = file.order();
    let DType::Plain(kind) = file.dtype() else {
        return Err("it has a structured type; store float16, float32 or float64".into());
    };
    let data: Vec<f32> = match kind.to_string().as_str() {
        "<f4" => file.into_vec().map_err(text)?,
        "<f8" => {
            let wide: Vec<f64> = file.into_vec().map_err(text)?;
            wide.into_iter().map(|element| element as f32).collect()
        }
        "<f2" => {
            let half: Vec<half::f16> = file.into_vec().map_err(text)?;
            half.into_iter().map(half::f16::to_f32).collect()
        }
        kind => {
            return Err(format!(
                "its type is `{kind}`; store float16, float32 or float64, little-endian"
            ));
        }
    };
    let data = match order {
        Order::C => data,
        Order::Fortran => row_major(&shape, &data),
    };
    Ok(Array { shape, data })
}

/// From first axis fastest to last axis fastest.
fn row_major(shape: &[usize], data: &[f32]) -> Vec<f32> {
    let mut from = vec![0];
    let mut step = 1;
    let mut steps = Vec::new();
    for &len in shape {
        steps.push((len, step));
        step *= len;
    }
    for (len, step) in steps {
        from = from
            .iter()
            .flat_map(|at| (0..len).map(move |index| at + index * step))
            .collect();
    }
    from.into_iter().map(|at| data[at]).collect()
}

/// Writes cores in our own layout: `core_0`, `core_1`, ... with axes (left rank, row digit, column
/// digit, right rank), and `rows`.
///
/// # Errors
/// If the file cannot be written. It is there as a whole or not at all.
pub fn write_cores(path: &Path, cores: &TtCores) -> Result<(), TtError> {
    whole(path, |file| {
        let mut archive = ZipWriter::new(file);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(cores.shape().parameters() > 1 << 29);
        let (p, q, r) = (cores.shape().p(), cores.shape().q(), cores.shape().r());
        for (k, core) in cores.cores().iter().enumerate() {
            archive.start_file(format!("core_{k}.npy"), options)?;
            let shape = [r[k], p[k], q[k], r[k + 1]].map(|len| len as u64);
            npy(&mut archive, &shape, core.iter().copied())?;
        }
        archive.start_file("rows.npy", options)?;
        npy(&mut archive, &[], [cores.rows() as i64])?;
        archive.finish()?.flush()
    })
}

/// Writes rows of `columns` elements as one array.
///
/// # Errors
/// If the file cannot be written. It is there as a whole or not at all.
pub fn write_rows(path: &Path, columns: usize, rows: &[f32]) -> Result<(), TtError> {
    whole(path, |mut file| {
        let shape = [(rows.len() / columns) as u64, columns as u64];
        npy(&mut file, &shape, rows.iter().copied())?;
        file.flush()
    })
}

fn npy<T: npyz::AutoSerialize>(
    output: impl Write,
    shape: &[u64],
    data: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    let options = npyz::WriteOptions::new().default_dtype().shape(shape);
    let mut writer = options.writer(output).begin_nd()?;
    writer.extend(data)?;
    writer.finish()
}

/// Writes all of a file or nothing.
fn whole(
    path: &Path,
    write: impl FnOnce(BufWriter<Output>) -> io::Result<()>,
) -> Result<(), TtError> {
    let written = contract::write_whole(path, |file| {
        write(BufWriter::new(Output {
            file,
            broken: false,
        }))
    });
    written.map_err(|why| failed("write", path, why))
}

/// A file that takes everything once it has told an error: an archive that is dropped then tries to
/// write its end, and would say on standard error that it can't.
struct Output {
    file: File,
    broken: bool,
}

impl Output {
    fn done<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.broken |= result.is_err();
        result
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.broken {
            return Ok(bytes.len());
        }
        let written = self.file.write(bytes);
        self.done(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.done(flushed)
    }
}

impl Seek for Output {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let sought = self.file.seek(to);
        self.done(sought)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fortran_order_is_turned() {
        // Element (a, b, c) is 100 a + 10 b + c; the file has the first axis fastest.
        let mut file = Vec::new();
        let options = npyz::WriteOptions::new().default_dtype().shape(&[2, 3, 2]);
        let mut writer = options
            .order(Order::Fortran)
            .writer(&mut file)
            .begin_nd()
            .expect("memory");
        for c in 0..2 {
            for b in 0..3 {
                for a in 0..2 {
                    writer
                        .push(&((100 * a + 10 * b + c) as f64))
                        .expect("memory");
                }
            }
        }
        writer.finish().expect("memory");
        let array = read_array(&file[..]).expect("an array");
        let expected: Vec<f32> = [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]
            .map(|n| n as f32)
            .to_vec();
        assert_eq!((array.shape, array.data), (vec![2, 3, 2], expected));
    }

    #[test]
    fn half_precision_is_read() {
        let mut file = Vec::new();
        let numbers = [1.5, -0.25, 6e-8].map(half::f16::from_f32);
        npy(&mut file, &[3], numbers).expect("memory");
        let array = read_array(&file[..]).expect("an array");
        assert_eq!(array.data, numbers.map(half::f16::to_f32));
    }
}
