(** * Steps of a sweep in a table, and what they add up to at finer nodes

    A sweep is written down as a list of nodes k of mesh 1/m with integer steps. Here: a table to look a step up by
    its node, and that at the node l of a grid q times finer q times the sum of step * hat is the sum of the steps
    at the coarse nodes floor((l + j) / q), j < q (HatRefinement.v): integers, no rounding. *)

From Coq Require Import Reals ZArith List FMapPositive Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate HatRefinement KuhnTarget.
Import ListNotations.
Local Open Scope R_scope.

(** ** Nodes as numbers *)

(** The digits [k] in base [b], the first one lowest. *)
Definition digits (b : Z) (k : list Z) : Z := fold_right (fun z n => (z + b * n)%Z) 0%Z k.
(** A node's key, from 1; b = m + 1 on the grid of mesh 1/m. *)
Definition key (b : Z) (k : list Z) : positive := Z.to_pos (1 + digits b k).

(** Whether the integers [k] are a node of mesh 1/m in the cube of dimension d. *)
Definition on_grid (d m : nat) (k : list Z) : bool :=
  (Nat.eqb (length k) d && forallb (fun z => (0 <=? z)%Z && (z <=? Z.of_nat m)%Z) k)%bool.

Lemma on_grid_node : forall d m k, on_grid d m k = true -> In k (nodes d m).
Proof.
  intros d m k H. apply andb_prop in H. destruct H as [Hl H]. apply Nat.eqb_eq in Hl. apply nodes_spec. split; [assumption|].
  intros i Hi. rewrite forallb_forall in H. assert (Hn : In (nth i k 0%Z) k) by (apply nth_In; lia).
  specialize (H _ Hn). apply andb_prop in H. lia.
Qed.

Lemma digits_injective : forall d m k l, In k (nodes d m) -> In l (nodes d m) ->
  (0 <= digits (Z.of_nat (S m)) k)%Z /\ (digits (Z.of_nat (S m)) k = digits (Z.of_nat (S m)) l -> k = l).
Proof.
  induction d; intros m k l Hk Hl; cbn [nodes] in *.
  - destruct Hk as [<-|[]], Hl as [<-|[]]. split; [cbn; lia|reflexivity].
  - apply in_flat_map in Hk, Hl. destruct Hk as (i & Hi & Hk), Hl as (j & Hj & Hl).
    apply in_map_iff in Hk, Hl. destruct Hk as (k' & <- & Hk), Hl as (l' & <- & Hl). apply in_seq in Hi, Hj.
    destruct (IHd m k' l' Hk Hl) as [Pk Inj]. destruct (IHd m l' l' Hl Hl) as [Pl _].
    unfold digits in *. cbn [fold_right]. set (a := fold_right _ _ k') in *. set (b := fold_right _ _ l') in *.
    split; [nia|]. intros E. assert (a = b /\ i = j) as [Ea ->]; [|f_equal; apply Inj; assumption].
    assert (a = b) by nia. split; [assumption|]. subst a. lia.
Qed.

Lemma key_injective : forall d m k l, In k (nodes d m) -> In l (nodes d m) ->
  key (Z.of_nat (S m)) k = key (Z.of_nat (S m)) l -> k = l.
Proof.
  intros d m k l Hk Hl E. destruct (digits_injective d m k l Hk Hl) as [Pk H]. destruct (digits_injective d m l k Hl Hk) as [Pl _].
  unfold key in E. apply H. apply Z2Pos.inj in E; lia.
Qed.

(** ** The table *)

(** A node and its step. *)
Definition entry : Type := list Z * Z.

Definition look (t : PositiveMap.t Z) (n : positive) : Z := match PositiveMap.find n t with Some z => z | None => 0%Z end.

(** The steps by their nodes' keys. *)
Definition table (b : Z) (steps : list entry) : PositiveMap.t Z :=
  fold_right (fun s t => let n := key b (fst s) in PositiveMap.add n (snd s + look t n)%Z t) (PositiveMap.empty Z) steps.

Lemma look_table : forall d m steps k, (forall s, In s steps -> In (fst s) (nodes d m)) -> In k (nodes d m) ->
  IZR (look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) k)) = total steps (fun s => IZR (snd s) * same k (fst s)).
Proof.
  intros d m steps k Hs Hk. induction steps as [|s steps IH]; [unfold look, total; cbn; rewrite PositiveMap.gempty; reflexivity|].
  rewrite total_cons, <- IH by (intros; apply Hs; right; assumption). clear IH.
  cbn [table fold_right]. fold (table (Z.of_nat (S m)) steps). cbn zeta. unfold same.
  destruct list_eq_dec as [->|Hne].
  - unfold look at 1. rewrite PositiveMap.gss, plus_IZR. ring.
  - unfold look at 1. rewrite PositiveMap.gso; [fold (look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) k)); ring|].
    intros E. apply Hne. apply (key_injective d m); [assumption|apply Hs; left; reflexivity|assumption].
Qed.

Lemma table_single : forall d m steps s, (forall s, In s steps -> In (fst s) (nodes d m)) -> NoDup (map fst steps) -> In s steps ->
  look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) (fst s)) = snd s.
Proof.
  intros d m steps s Hs Hn Hin. apply eq_IZR. rewrite (look_table d) by auto.
  rewrite (total_single _ steps s).
  - unfold same. destruct list_eq_dec; [ring|congruence].
  - apply NoDup_map_inv in Hn. assumption.
  - assumption.
  - intros u Hu Hne. unfold same. destruct list_eq_dec as [E|]; [|ring]. exfalso. apply Hne.
    clear -Hn Hin Hu E. induction steps as [|a steps IH]; [destruct Hin|]. cbn [map] in Hn. inversion Hn as [|? ? Ha Hn']; subst.
    destruct Hin as [->|Hin], Hu as [->|Hu]; auto; exfalso; apply Ha; [rewrite E|rewrite <- E]; apply in_map; assumption.
Qed.

(** ** Finer nodes *)

(** The sum of [v] at the coarse nodes floor((l + i) / q) for i from [j] to q - 1, run by run: a coordinate z changes
    its coarse node first q - (z + j) mod q steps after j. There are at most d + 1 runs; at most [left] are taken. *)
Fixpoint fine_sum (v : list Z -> Z) (q : Z) (left : nat) (j : Z) (l : list Z) : Z :=
  match left with
  | O => 0%Z
  | S n =>
    if (q <=? j)%Z then 0%Z else
    let run := fold_right (fun z r => Z.min (q - (z + j) mod q) r) (q - j)%Z l in
    (run * v (map (fun z => (z + j) / q) l) + fine_sum v q n (j + run) l)%Z
  end.

Lemma total_same : forall (a s : nat) c, total (seq a s) (fun _ => c) = INR s * c.
Proof.
  intros a s c. revert a. induction s as [|s IH]; intros a; [unfold total; cbn; ring|].
  cbn [seq]. rewrite total_cons, IH, S_INR. ring.
Qed.

Lemma fine_sum_total : forall v q l left j, (j <= q)%nat -> (q - j <= left)%nat ->
  IZR (fine_sum v (Z.of_nat q) left (Z.of_nat j) l) = total (seq j (q - j)) (fun i => IZR (v (coarse q i l))).
Proof.
  intros v q l left. induction left as [|left IH]; intros j Hj Hl.
  - replace (q - j)%nat with 0%nat by lia. reflexivity.
  - cbn [fine_sum]. destruct (Z.leb_spec (Z.of_nat q) (Z.of_nat j)).
    { replace (q - j)%nat with 0%nat by lia. reflexivity. }
    cbn zeta. set (Q := Z.of_nat q) in *. set (J := Z.of_nat j) in *. assert (HQ : (0 < Q)%Z) by lia.
    set (run := fold_right _ _ l).
    assert (B : (1 <= run <= Q - J)%Z /\ forall z, In z l -> (run <= Q - (z + J) mod Q)%Z).
    { subst run. clear IH. induction l as [|z l IHl]; cbn [fold_right]; [split; [lia|intros z []]|].
      destruct IHl as [I1 I2]. pose proof (Z.mod_pos_bound (z + J) Q HQ).
      split; [lia|]. intros z' [<-|Hz]; [lia|]. specialize (I2 z' Hz). lia. }
    destruct B as [B1 B2]. set (s := Z.to_nat run). assert (Es : Z.of_nat s = run) by (unfold s; lia).
    replace (J + run)%Z with (Z.of_nat (j + s)) by lia. rewrite plus_IZR, mult_IZR, IH by lia.
    replace (q - j)%nat with (s + (q - (j + s)))%nat by lia. rewrite seq_app, total_app. f_equal.
    rewrite (total_ext _ _ _ (fun _ => IZR (v (map (fun z => (z + J) / Q)%Z l)))).
    + rewrite total_same, INR_IZR_INZ, Es. reflexivity.
    + intros i Hi. apply in_seq in Hi. do 2 f_equal. unfold coarse. fold Q. apply map_ext_in. intros z Hz.
      specialize (B2 z Hz). pose proof (Z.div_mod (z + J) Q ltac:(lia)). pose proof (Z.mod_pos_bound (z + J) Q HQ).
      symmetry. apply Z.div_unique with ((z + J) mod Q + (Z.of_nat i - J))%Z; [left; lia|]. lia.
Qed.

Lemma fine_sum_sum : forall v q l, IZR (fine_sum v (Z.of_nat q) q 0 l) = sum q (fun j => IZR (v (coarse q j l))).
Proof.
  intros v q l. change 0%Z with (Z.of_nat 0). rewrite fine_sum_total by lia. rewrite Nat.sub_0_r. apply total_seq.
Qed.

Lemma hat_at_fine_node : forall d m q k l, (1 <= m)%nat -> (1 <= q)%nat -> In k (nodes d m) -> In l (nodes d (q * m)) ->
  INR q * hat d m k (point (q * m) l) = sum q (fun j => same (coarse q j l) k).
Proof.
  intros d m q k l Hm Hq Hk Hl. rewrite (value_at_fine_node d m q (hat d m k)) by (try apply hat_linear; assumption).
  apply sum_ext. intros j Hj. pose proof (coarse_node d m q j l Hq Hj Hl) as Hc. apply nodes_spec in Hk, Hc.
  destruct (hat_values d m k Hm (proj1 Hk)) as (_ & H1 & H0 & _). unfold same. destruct list_eq_dec as [->|Hne].
  - exact H1.
  - apply H0; [apply Hc|assumption].
Qed.

(** q times the sum of step * hat at a node of the grid that is q times finer. *)
Lemma sweep_at_fine_node : forall d m q steps l, (1 <= m)%nat -> (1 <= q)%nat ->
  (forall s, In s steps -> In (fst s) (nodes d m)) -> In l (nodes d (q * m)) ->
  INR q * total steps (fun s => IZR (snd s) * hat d m (fst s) (point (q * m) l)) =
  IZR (fine_sum (fun k => look (table (Z.of_nat (S m)) steps) (key (Z.of_nat (S m)) k)) (Z.of_nat q) q 0 l).
Proof.
  intros d m q steps l Hm Hq Hs Hl. rewrite fine_sum_sum, <- total_scale.
  rewrite (total_ext _ steps _ (fun s => total (seq 0 q) (fun j => IZR (snd s) * same (coarse q j l) (fst s)))).
  - rewrite total_swap, total_seq. apply sum_ext. intros j Hj. symmetry. apply (look_table d); [assumption|].
    apply coarse_node; assumption.
  - intros s Hin. rewrite total_scale, total_seq, <- (hat_at_fine_node d m q) by auto. ring.
Qed.

(** A target given by nodal values [v] over [D], at a node of the grid that is q times finer. *)
Lemma kuhn_at_fine_node : forall d m q v D l, (1 <= m)%nat -> (1 <= q)%nat -> In l (nodes d (q * m)) ->
  INR q * kuhn d m (fun k => IZR (v k) / IZR (Zpos D)) (point (q * m) l) =
  IZR (fine_sum v (Z.of_nat q) q 0 l) / IZR (Zpos D).
Proof.
  intros d m q v D l Hm Hq Hl. rewrite (value_at_fine_node d m q (kuhn d m _)) by (try apply kuhn_linear; assumption).
  rewrite fine_sum_sum. unfold Rdiv. rewrite Rmult_comm, <- sum_scale. apply sum_ext. intros j Hj.
  rewrite kuhn_at_node; [unfold Rdiv; ring|assumption|apply coarse_node; assumption].
Qed.
