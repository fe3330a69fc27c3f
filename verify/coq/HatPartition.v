(** * The hats of a grid add up to one

    In every dimension: at each point of the cube the hats of the (m+1)^d nodes of mesh 1/m add up to 1. The hat
    of the node k/m at x is the length of an interval of shifts t in [0,1): those at which
    (floor(m x_1 + t), ..., floor(m x_d + t)) = k. The intervals of different nodes tile [0,1); here that is done
    one coordinate after another, without any sorting of coordinates.
    Source: arXiv 2601.16884; docs/multigrade.md, "Kuhn grids and slopes". *)

From Coq Require Import Reals ZArith List FinFun Lia Lra.
From Approxcert Require Import Sums Totals KuhnHat.
Import ListNotations.
Local Open Scope R_scope.

(** ** Nodes *)

(** All integer points k of {0, ..., m}^d: the nodes k/m of the cube, the last coordinate running fastest. *)
Fixpoint nodes (d m : nat) : list (list Z) :=
  match d with
  | O => [[]]
  | S n => flat_map (fun j => map (cons (Z.of_nat j)) (nodes n m)) (seq 0 (S m))
  end.

Lemma nodes_spec : forall d m k, In k (nodes d m) <->
  length k = d /\ forall i, (i < d)%nat -> (0 <= nth i k 0 <= Z.of_nat m)%Z.
Proof.
  induction d; intros m k; cbn [nodes].
  - split; [intros [<-|[]]; split; [reflexivity|lia]|]. intros [H _]. left. destruct k; [reflexivity|discriminate].
  - rewrite in_flat_map. split.
    + intros (j & Hj & H). apply in_seq in Hj. apply in_map_iff in H. destruct H as (k' & <- & H).
      apply IHd in H. destruct H as [H1 H2]. split; [simpl; lia|].
      intros [|i] Hi; cbn [nth]; [lia|apply H2; lia].
    + intros [H1 H2]. destruct k as [|z k]; [discriminate|].
      pose proof (H2 0%nat ltac:(lia)) as Hz; cbn [nth] in Hz.
      exists (Z.to_nat z). split; [apply in_seq; lia|]. rewrite Z2Nat.id by lia. apply in_map, IHd.
      split; [simpl in H1; lia|]. intros i Hi. apply (H2 (S i)); lia.
Qed.

Lemma nodes_once : forall d m, NoDup (nodes d m).
Proof.
  induction d; intros; cbn [nodes]; [constructor; [intros []|constructor]|].
  assert (H : forall l, NoDup l -> NoDup (flat_map (fun j => map (cons (Z.of_nat j)) (nodes d m)) l)).
  { induction l as [|j l IH]; intros Hl; cbn [flat_map]; [constructor|]. inversion Hl as [|? ? Hj Hl']; subst.
    assert (HN : NoDup (map (cons (Z.of_nat j)) (nodes d m))).
    { apply Injective_map_NoDup; [|apply IHd]. intros a b E; injection E; auto. }
    specialize (IH Hl'). revert HN IH.
    assert (D : forall k, In k (map (cons (Z.of_nat j)) (nodes d m)) ->
      ~ In k (flat_map (fun j => map (cons (Z.of_nat j)) (nodes d m)) l)).
    { intros k H1 H2. apply in_map_iff in H1. destruct H1 as (a & <- & _). apply in_flat_map in H2.
      destruct H2 as (j' & Hj' & H2). apply in_map_iff in H2. destruct H2 as (b & E & _).
      injection E; intros _ E'. apply Nat2Z.inj in E'. subst; contradiction. }
    revert D. generalize (map (cons (Z.of_nat j)) (nodes d m)) (flat_map (fun j => map (cons (Z.of_nat j)) (nodes d
      m)) l).
    intros a b. induction a as [|k a IHa]; intros D Ha Hb; cbn [app]; [assumption|].
    inversion Ha; subst. constructor.
    - rewrite in_app_iff. intros [|Hk]; [contradiction|]. apply (D k); [left; reflexivity|assumption].
    - apply IHa; [|assumption|assumption]. intros c Hc; apply D; right; assumption. }
  apply H, seq_NoDup.
Qed.

(** A node is a point of the cube. *)
Lemma node_in_cube : forall d m k, (1 <= m)%nat -> In k (nodes d m) -> cube d (point m k).
Proof.
  intros d m k Hm Hk. apply nodes_spec in Hk. destruct Hk as [H1 H2]. apply le_INR in Hm; simpl in Hm.
  split; [unfold point; rewrite map_length; assumption|]. intros i Hi. rewrite coord_point.
  specialize (H2 i Hi). destruct H2 as [H2 H3]. apply IZR_le in H2. apply IZR_le in H3. rewrite <- INR_IZR_INZ in H3.
  assert (0 < / INR m) by (apply Rinv_0_lt_compat; lra). unfold Rdiv. split; [nra|].
  apply Rmult_le_reg_r with (INR m); [lra|]. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

(** ** Tiling *)

(** The length of the interval from [a] to [b]. *)
Definition span (a b : R) : R := Rmax (b - a) 0.

Ltac cases := unfold span, Rmax, Rmin in *;
  repeat match goal with
  | |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b)
  | H : context [Rle_dec ?a ?b] |- _ => destruct (Rle_dec a b)
  end; try lra.

(** One coordinate: the intervals from [j - y] to [j + 1 - y], j < n, tile what they cover. *)
Lemma tiles : forall y a b n, - y <= a ->
  sum n (fun j => span (Rmax a (INR j - y)) (Rmin b (INR j + 1 - y))) = span a (Rmin b (INR n - y)).
Proof.
  intros y a b n Ha. induction n; cbn [sum].
  - simpl INR. cases.
  - rewrite IHn, S_INR. assert (0 <= INR n) by apply pos_INR. clear IHn. cases.
Qed.

(** All coordinates: what the nodes' conditions leave of the interval from [a] to [b], summed over the nodes. *)
Lemma grid_tiles : forall d m y a b, 0 <= a -> b <= 1 -> (forall i, (i < d)%nat -> 0 <= y i <= INR m) ->
  total (nodes d m) (fun k =>
    span (Rmax a (top d (fun i => - (y i - IZR (nth i k 0%Z))))) (Rmin b (1 - top d (fun i => y i - IZR (nth i k
      0%Z))))) =
  span a b.
Proof.
  induction d; intros m y a b Ha Hb Hy.
  - unfold total; cbn [nodes fold_right top]. cases.
  - cbn [nodes]. rewrite total_flat_map, total_seq.
    assert (H0 := Hy 0%nat ltac:(lia)).
    rewrite (sum_ext _ _ (fun j => span (Rmax a (INR j - y 0%nat)) (Rmin b (INR j + 1 - y 0%nat)))).
    + rewrite tiles by lra. rewrite S_INR. cases.
    + intros j Hj. rewrite total_map.
      rewrite <- (IHd m (fun i => y (S i))); [| | |intros; apply Hy; lia].
      * apply total_ext. intros k _. rewrite !top_first. cbn [nth]. rewrite <- INR_IZR_INZ.
        generalize (top d (fun i => - (y (S i) - IZR (nth i k 0%Z)))) (top d (fun i => y (S i) - IZR (nth i k 0%Z))).
        intros. f_equal; cases.
      * eapply Rle_trans; [exact Ha|apply Rmax_l].
      * eapply Rle_trans; [apply Rmin_l|exact Hb].
Qed.

(** At every point of the cube [0,1]^d the hats of the nodes of mesh 1/m add up to exactly 1; for every dimension d
    and every m >= 1. *)
Theorem partition_of_unity : forall d m x, (1 <= m)%nat -> cube d x ->
  total (nodes d m) (fun k => hat d m k x) = 1.
Proof.
  intros d m x Hm [_ Hx]. assert (HM : 0 <= INR m) by apply pos_INR.
  replace 1 with (span 0 1) by cases.
  rewrite <- (grid_tiles d m (fun i => INR m * coord i x)); [|lra|lra|].
  - apply total_ext. intros k _. unfold hat, gauge, scaled.
    pose proof (top_nonneg d (fun i => INR m * coord i x - IZR (nth i k 0%Z))).
    pose proof (top_nonneg d (fun i => - (INR m * coord i x - IZR (nth i k 0%Z)))). cases.
  - intros i Hi. specialize (Hx i Hi). split; nra.
Qed.
